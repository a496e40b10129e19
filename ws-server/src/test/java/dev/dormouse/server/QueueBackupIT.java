package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.saga.Outgoing;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.saga.Queues;
import dev.dormouse.saga.queue.node.QueueClient;
import dev.dormouse.server.backup.Restoration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Queues in a backup that is made while messages are on their way: what a room had sent by the
/// moment arrives, once; what it sent later was never sent.
@Timeout(90)
@DisplayName("Queues in a backup")
class QueueBackupIT {
  private static final int SHOPS = 6;

  @TempDir Path folder;

  interface Sales {
    void sell();
  }

  /// Counts its sales, and sends each as a message with its number.
  private record Till(RoomContext context) implements Room, Sales {
    @Override
    public void sell() {
      Storage storage = context.storage();
      int number = storage.getText("sold").map(Integer::parseInt).orElse(0) + 1;
      storage.putText("sold", Integer.toString(number));
      context
          .facility(Queues.class)
          .send("sales", Outgoing.text(context.id().name().orElse("") + " " + number));
    }

    @Override
    public HttpReply onRequest(HttpCall call) {
      return HttpReply.text(200, context.storage().getText("sold").orElse("0"));
    }
  }

  /// Writes down how often it was brought each message.
  private record Books(RoomContext context) implements Room, QueueConsumer {
    @Override
    public void onMessages(Batch batch) {
      for (Delivery each : batch.messages()) {
        String row = "sale/" + each.text();
        Storage storage = context.storage();
        storage.putText(row, storage.getText(row).orElse("") + "I");
      }
    }

    @Override
    public HttpReply onRequest(HttpCall call) {
      return HttpReply.text(
          200,
          context.storage().list(KeyRange.prefixed("sale/")).stream()
              .map(entry -> entry.key().substring(5) + " " + entry.text())
              .collect(Collectors.joining("\n")));
    }
  }

  private static RoomServer start(Path data, int files) {
    return RoomServer.builder()
        .namespace(Namespace.named("till", Till::new).calls(Sales.class).build())
        .namespace(Namespace.named("books", Books::new).build())
        .queue(
            Queue.named("sales")
                .group(
                    "books",
                    g ->
                        g.deliverTo("books", message -> "main")
                            // Who had them at the moment is gone, as after a crash.
                            .lease(Duration.ofSeconds(2))
                            .batch(100))
                .group("pull")
                .http()
                .build())
        .data(data)
        .port(0)
        .set(Setting.ADMIN, "0")
        .set(Setting.STORE_FILES, Integer.toString(files))
        .start();
  }

  private static String ask(RoomServer server, String namespace, String room) {
    HttpReply reply =
        server
            .rooms()
            .request(server.rooms().idFromName(namespace, room), HttpCall.of("GET", "all"));
    return new String(((HttpReply.Bytes) reply.body()).bytes(), StandardCharsets.UTF_8);
  }

  private static void sell(RoomServer server, int shop) {
    server.rooms().stub(Sales.class, "till", "t" + shop).sell();
  }

  private static Map<String, String> arrived(RoomServer server) {
    Map<String, String> arrived = new TreeMap<>();
    ask(server, "books", "main")
        .lines()
        .forEach(line -> {
          int space = line.lastIndexOf(' ');
          arrived.put(line.substring(0, space), line.substring(space + 1));
        });
    return arrived;
  }

  /// Everything that was sold, once.
  private static Map<String, String> expected(RoomServer server) {
    Map<String, String> sold = new TreeMap<>();
    for (int shop = 0; shop < SHOPS; shop++) {
      int number = Integer.parseInt(ask(server, "till", "t" + shop));
      int at = shop;
      IntStream.rangeClosed(1, number).forEach(n -> sold.put("t%d %d".formatted(at, n), "I"));
    }
    return sold;
  }

  @Test
  void bring_each_message_of_the_moment_once_and_none_of_later() throws Exception {
    Path backup = folder.resolve("backup");
    Path data = folder.resolve("data");
    try (RoomServer server = start(data, 2)) {
      List<Thread> shops = new ArrayList<>();
      AtomicBoolean over = new AtomicBoolean();
      for (int shop = 0; shop < SHOPS; shop++) {
        int at = shop;
        shops.add(
            Thread.ofVirtual()
                .start(() -> {
                  while (!over.get()) {
                    sell(server, at);
                  }
                }));
      }
      Thread.sleep(500);
      AdminClient admin = new AdminClient(server);
      admin.order("/backups", "{\"actor\":\"me\",\"to\":\"%s\",\"rate\":1}".formatted(backup));
      var state = admin.until("/backups", reply -> !reply.text("state").equals("running"));
      assertThat(state.text("state")).as(state.toString()).isEqualTo("done");
      Thread.sleep(200);
      over.set(true);
      for (Thread shop : shops) {
        shop.join();
      }
    }
    Path restored = folder.resolve("restored");
    Restoration.restore(backup, restored, new SystemExecution());
    try (RoomServer server = start(restored, 2)) {
      // They go on, with numbers that their original has given to other messages.
      for (int shop = 0; shop < SHOPS; shop++) {
        sell(server, shop);
      }
      Map<String, String> expected = expected(server);
      assertThat(expected).hasSizeGreaterThan(SHOPS * 2);
      for (int i = 0; i < 2_000 && arrived(server).size() < expected.size(); i++) {
        Thread.sleep(10);
      }
      assertThat(arrived(server)).isEqualTo(expected);
    }
  }

  @Test
  void give_out_no_key_and_no_lease_that_their_original_has_given_out_since() throws Exception {
    Path backup = folder.resolve("backup");
    Path data = folder.resolve("data");
    List<String> later;
    try (RoomServer server = start(data, 1)) {
      sell(server, 0);
      AdminClient admin = new AdminClient(server);
      admin.order("/backups", "{\"actor\":\"me\",\"to\":\"%s\",\"rate\":0}".formatted(backup));
      admin.until("/backups", reply -> reply.text("state").equals("done"));
      sell(server, 0);
      later = keysAndLeases(server, 2);
    }
    Path restored = folder.resolve("restored");
    Restoration.restore(backup, restored, new SystemExecution());
    try (RoomServer server = start(restored, 1)) {
      sell(server, 0);
      List<String> again = keysAndLeases(server, 2);
      // The first message is the same one, and has its key.
      assertThat(again.getFirst()).isEqualTo(later.getFirst());
      assertThat(again.subList(1, 4)).doesNotContainAnyElementsOf(later.subList(1, 4));
    }
  }

  /// Keys first, then leases.
  private static List<String> keysAndLeases(RoomServer server, int count) throws Exception {
    List<QueueClient.Pulled> pulled = new ArrayList<>();
    for (int i = 0; i < 100 && pulled.size() < count; i++) {
      List<QueueClient.Pulled> more =
          server.queues().pull("sales", "pull", 1, Duration.ofMinutes(5), Duration.ofSeconds(1));
      pulled.addAll(more);
      if (!more.isEmpty()) {
        // Those of one room come one after the other.
        server.queues().ack("sales", "pull", List.of(more.getFirst().lease()));
      }
    }
    List<String> all = new ArrayList<>();
    pulled.forEach(each -> all.add(each.entry().message().key()));
    pulled.forEach(each -> all.add(each.lease()));
    return all;
  }
}
