package dev.dormouse.crash;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Sockets;
import dev.dormouse.saga.SagaLimits;
import dev.dormouse.saga.facility.SagaFacility;
import dev.dormouse.saga.log.ChronicleLogs;
import dev.dormouse.saga.log.LogBackup;
import dev.dormouse.saga.log.LogSettings;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.node.QueueNode;
import dev.dormouse.server.backup.Backup;
import dev.dormouse.storage.JsonCodec;
import dev.dormouse.storage.PageLimit;
import dev.dormouse.storage.SqliteConnectionRecords;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import dev.dormouse.storage.StoredFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// The process that dies: rooms with sagas over a data folder, without sockets. Its parent speaks
/// to it over its standard input and output, a line at a time; what reached the pipe survives it.
///
/// | line in | answered by |
/// |---|---|
/// | `begin op owner definition saga seat refuses stumbles breaks sticks later` | `told op STATUS` |
/// | `status op owner saga` | `told op STATUS` |
/// | `cancel\|pause\|resume op owner saga` | `told op` |
/// | `version op owner`, `swap op owner expected` | `told op version` |
/// | `send op owner mood` | `told op` |
/// | `sweep` | |
/// | `health op` | `told op red` or `told op green` |
/// | `arm failpoint from times action` | |
/// | `limit pages` | |
/// | `backup folder` | `backup done` or `backup failed why` |
/// | `answer call what` | |
///
/// What goes wrong is answered `no op OUTCOME status`; `-` stands for an empty word. It says
/// `ready` once it is, and `call number service operation key` for [PipeService].
public final class CrashServer {
  static final String OWNERS = "owners";

  /// Soon, so that it is quiet soon.
  private static final Duration ASKING = Duration.ofMillis(100);

  private final PrintStream out;
  private final Traps traps = new Traps();
  private final PipeService pipe = new PipeService(this::say, traps);
  private final SqliteRoomStore store;
  private final ChronicleLogs logs;
  private final QueueNode queues;
  private final RoomNode node;

  private CrashServer(Path data, PrintStream out) throws IOException {
    this.out = out;
    String images = System.getProperty("dormouse.images", "");
    if (!images.isEmpty()) {
      traps.watch(new Images(data, Path.of(images))::passes);
    }
    store = SqliteRoomStore.open(data, StoreSettings.defaults().withFiles(Images.FILES), traps);
    List<Namespace> namespaces = new ArrayList<>(CrashOffer.namespaces(new Moods(), traps));
    SagaFacility sagas =
        new SagaFacility(
            Errands.sagas(),
            Map.of(Errands.BANK, pipe.named(Errands.BANK), Errands.TILL, pipe.named(Errands.TILL)),
            SagaLimits.defaults().withAsking(ASKING));
    logs = logs(data);
    queues = queues();
    namespaces.add(queues.namespace());
    node =
        RoomNode.builder()
            .namespaces(namespaces)
            .store(store)
            .records(SqliteConnectionRecords.open(data, traps))
            .sockets(new Nobody())
            .execution(traps)
            .codec(new JsonCodec())
            .idKey(store.idKey())
            .facility(new Watched(sagas, traps))
            .facility(new Watched(queues.facility(), traps))
            .build();
  }

  private ChronicleLogs logs(Path data) {
    // More than any disk has: as if it were full.
    LogSettings log =
        Boolean.getBoolean("dormouse.log-full")
            ? Parcels.LOG.withReserve(Long.MAX_VALUE / 2)
            : Parcels.LOG;
    return new ChronicleLogs(data.resolve("queues"), log, traps);
  }

  private QueueNode queues() {
    try {
      return QueueNode.open(List.of(Parcels.queue()), logs, traps);
    } catch (LogException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    // Nothing else may come between the lines.
    System.setOut(System.err);
    CrashServer server = new CrashServer(Path.of(arguments[0]), out);
    server.node.start();
    server.queues.start(server.node.rooms());
    server.say("ready");
    server.listen();
    // Never outlives whoever started it.
    Runtime.getRuntime().halt(Traps.KILLED);
  }

  private void say(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private void listen() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "answer" -> pipe.answered(Long.parseLong(words[1]), words[2]);
        case "arm" ->
            traps.arm(
                words[1],
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Traps.Action.valueOf(words[4]));
        case "sweep" -> traps.start("sweep", queues::sweep);
        case "limit" -> PageLimit.set(store, Long.parseLong(words[1])).join();
        case "backup" ->
            Thread.ofPlatform().daemon().name("backup").start(() -> backup(Path.of(words[1])));
        case "health" -> traps.start("health", () -> say("told " + words[1] + health()));
        default -> traps.start("client", () -> serve(words));
      }
    }
  }

  private void backup(Path folder) {
    try {
      LogBackup queued = new LogBackup(logs, new LogBackup.Users(queues::keep, queues::logs));
      new Backup(
              List.of(queued, store.backup()), StoredFormat.CURRENT, Images.FILES, "crash", traps)
          .write(folder, 0);
      say("backup done");
    } catch (IOException | InterruptedException | RuntimeException e) {
      say("backup failed " + e);
    }
  }

  private String health() {
    boolean red = store.trouble().isPresent() || traps.ioFailed() || queues.trouble().isPresent();
    return red ? " red" : " green";
  }

  private void serve(String[] words) {
    try {
      say(Lines.told(node.rooms().stub(OwnerCalls.class, OWNERS, words[2]), words));
    } catch (RoomException no) {
      int status = no instanceof Refusal refusal ? refusal.status() : 500;
      say("no %s %s %d".formatted(words[1], no.outcome(), status));
    }
  }

  /// There are no clients on sockets.
  private static final class Nobody implements Sockets {
    @Override
    public void apply(RoomId room, List<Effect> effects) {}

    @Override
    public void resume(RoomId room) {}

    @Override
    public OptionalLong lastAutoResponse(RoomId room, long connection) {
      return OptionalLong.empty();
    }
  }
}
