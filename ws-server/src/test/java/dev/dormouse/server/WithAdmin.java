package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// One server with an inspector for all tests of a class. Rooms of `talk` stay awake until they are
/// told to sleep, those of `naps` fall asleep at once; each test uses rooms of its own.
abstract class WithAdmin {
  static final HeldExecution EXECUTION = new HeldExecution();

  @TempDir static Path folder;

  static RoomServer server;
  static AdminClient admin;

  @BeforeAll
  static void start() {
    server =
        RoomServer.builder()
            .namespace(namespace("talk", Duration.ofHours(1)))
            .namespace(namespace("naps", Duration.ofMillis(20)))
            .data(folder.resolve("data"))
            .host("0.0.0.0")
            .set(Setting.OPEN, "yes")
            .port(0)
            .set(Setting.ADMIN, "0")
            .set(Setting.CLOSING, "1")
            .execution(EXECUTION)
            .start();
    admin = new AdminClient(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Namespace namespace(String name, Duration idle) {
    return Namespace.named(name, TalkRoom::new)
        .limits(RoomLimits.defaults().withIdle(idle))
        .build();
  }

  static RoomId room(String namespace, String name) {
    return server.rooms().idFromName(namespace, name);
  }

  /// Sends a request to a room and waits for its reply.
  static void request(RoomId room, String path) {
    HttpCall call = new HttpCall("PUT", path, Map.of(), Map.of(), "x".getBytes(UTF_8));
    assertThat(server.rooms().request(room, call).status()).isEqualTo(200);
  }

  /// Makes a room that has something stored.
  static RoomId stored(String namespace, String name) {
    RoomId room = room(namespace, name);
    request(room, "value");
    return room;
  }

  /// Sends a request to a room whose reply will take its time.
  static Thread begin(String name, String path) throws InterruptedException {
    Thread caller = Thread.ofVirtual().start(() -> request(room("talk", name), path));
    assertThat(TalkRoom.seen(name)).isEqualTo("waiting");
    return caller;
  }

  static void let(String name) {
    TalkRoom.GATES.computeIfAbsent(name, _ -> new CountDownLatch(1)).countDown();
  }

  static void sleep(String name) throws IOException, InterruptedException {
    AdminClient.Reply reply = admin.post("/rooms/talk/" + name + "/evict");
    for (int i = 0; reply.status() == 409 && i < 500; i++) {
      // What it said last may still be on its way.
      Thread.sleep(10);
      reply = admin.post("/rooms/talk/" + name + "/evict");
    }
    assertThat(reply.text("state")).as("%s", reply).isEqualTo("asleep");
  }
}
