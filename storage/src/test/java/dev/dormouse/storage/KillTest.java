package dev.dormouse.storage;

import static dev.dormouse.storage.Sets.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kills a process that writes, opens its data folder and compares: no acknowledged write is
/// missing, none is there that was not submitted, no set is there in part (O1, S5).
///
/// `-Dkill.rounds=1000` kills as often at random; the seed is in every message and can be given
/// back with `-Dkill.seed`.
class KillTest {
  private static final long SEED = Long.getLong("kill.seed", new Random().nextLong());
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 4);

  @TempDir Path folder;
  private final List<KillModel> models =
      IntStream.range(0, KillWriter.ROOMS).mapToObj(KillModel::new).toList();
  private final long[] submitted = new long[KillWriter.ROOMS];
  private final long[] acknowledged = new long[KillWriter.ROOMS];

  static List<String> failpoints() {
    return StoreFailpoints.all();
  }

  @ParameterizedTest
  @MethodSource("failpoints")
  void O1_a_process_that_halts_there_loses_nothing_it_acknowledged(String failpoint)
      throws Exception {
    Random random = new Random(SEED);
    int files = 1 + random.nextInt(2);
    boolean opening =
        StoreFailpoints.all().indexOf(failpoint)
            < StoreFailpoints.all().indexOf(StoreFailpoints.BEFORE_BEGIN);
    int pass = opening ? 1 : 1 + random.nextInt(60);

    run(files, failpoint, pass, Integer.MAX_VALUE);
    check(files, "seed %d, %s passed %d times".formatted(SEED, failpoint, pass));
  }

  @Test
  void O1_a_process_that_is_killed_at_any_time_loses_nothing_it_acknowledged() throws Exception {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      // Sometimes long enough for the log to be moved into the file.
      int answers = random.nextInt(random.nextInt(20) == 0 ? 80_000 : 3_000);
      run(1, "none", 0, answers);
      check(1, "seed %d, round %d, killed after %d answers".formatted(SEED, round, answers));
    }
  }

  @Test
  void S5_a_second_process_is_refused_with_the_first_one_s_pid() throws Exception {
    Process first = start(1, "none", 0);
    try {
      assertThat(first.getInputStream().read()).isEqualTo(KillWriter.OPENED);

      assertThatExceptionOfType(DataFolderException.class)
          .isThrownBy(
              () -> SqliteRoomStore.open(folder, StoreSettings.defaults(), new SystemExecution()))
          .withMessageContaining("process " + first.pid())
          .withMessageContaining(folder.toString());
      assertThat(first.isAlive()).isTrue();
    } finally {
      kill(first);
    }
    SqliteRoomStore.open(folder, StoreSettings.defaults(), new SystemExecution()).close();
  }

  /// Lets a process write until it halts by itself, or has had so many answers.
  private void run(int files, String failpoint, int pass, int answers) throws Exception {
    Process process = start(files, failpoint, pass);
    try (DataInputStream in = new DataInputStream(process.getInputStream())) {
      for (int seen = 0; ; ) {
        byte what = in.readByte();
        int room = in.readInt();
        long sequence = in.readLong();
        switch (what) {
          case KillWriter.SUBMITTED -> submitted[room] = sequence;
          case KillWriter.ACKNOWLEDGED -> {
            acknowledged[room] = sequence;
            if (++seen == answers) {
              sendKill(process);
            }
          }
          case KillWriter.OPENED -> {
            if (answers == 0) {
              sendKill(process);
            }
          }
          default -> throw new AssertionError("the writer said " + what);
        }
      }
    } catch (EOFException dead) {
      kill(process);
    }
    assertThat(process.exitValue())
        .as("seed %d: %s", SEED, Files.readString(errors()))
        .isEqualTo(failpoint.equals("none") ? 128 + 9 : 9);
  }

  private Path errors() {
    return folder.resolveSibling(folder.getFileName() + ".err");
  }

  private Process start(int files, String failpoint, int pass) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx128m",
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KillWriter.class.getName(),
            folder.toString(),
            "" + files,
            failpoint,
            "" + pass)
        .redirectError(errors().toFile())
        .start();
  }

  /// Not through the process itself, which would close its output with what it still has to say.
  private static void sendKill(Process process) {
    process.toHandle().destroyForcibly();
  }

  private static void kill(Process process) throws InterruptedException {
    sendKill(process);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("process " + process.pid() + " does not die");
    }
  }

  private void check(int files, String round) throws Exception {
    try (SqliteRoomStore store =
        SqliteRoomStore.open(
            folder, StoreSettings.defaults().withFiles(files), new SystemExecution())) {
      for (int room = 0; room < KillWriter.ROOMS; room++) {
        check(await(store.load(KillModel.room(room))), room, round);
      }
    }
  }

  private static RoomSize size(KillModel model) {
    RoomSize size = RoomSize.NOTHING;
    for (var entry : model.keys().entrySet()) {
      size = size.plus(KeyOrder.bytes(entry.getKey()), entry.getValue().getBytes(UTF_8).length);
    }
    return size;
  }

  private void check(RoomImage image, int room, String round) {
    String where = round + ", room " + room;
    long sequence = image.sequence();
    assertThat(sequence)
        .as(where)
        .isGreaterThanOrEqualTo(acknowledged[room])
        .isLessThanOrEqualTo(submitted[room]);
    assertThat(image.version()).as(where).isEqualTo(2 * sequence);
    assertThat(image.schema()).as(where).isEqualTo((int) (sequence % 5));
    KillModel model = models.get(room);
    model.advanceTo(sequence);
    assertThat(Sets.text(image)).as(where).isEqualTo(model.keys());
    assertThat(image.size()).as(where).isEqualTo(size(model));
    assertThat(image.alarms().stream().collect(Collectors.toMap(AlarmRow::name, row -> row)))
        .as(where)
        .isEqualTo(model.alarms());
    // What was submitted and not answered is settled now; the next process goes on from here.
    submitted[room] = sequence;
    acknowledged[room] = sequence;
  }
}
