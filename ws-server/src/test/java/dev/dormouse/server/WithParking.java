package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Namespace;
import dev.dormouse.rooms.collab.CollabNamespace;
import dev.dormouse.server.jetty.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// One server for all tests of a class whose connections are parked a few milliseconds after their
/// last word. `-Ddormouse.transport=…` says on what.
abstract class WithParking {
  /// Longer than a connection takes to be parked, in milliseconds.
  static final int LONG = 12;

  @TempDir static Path folder;

  static RoomServer server;

  @BeforeAll
  static void start() {
    // Of other classes' rooms, which may have the same names.
    TalkRoom.SEEN.clear();
    server =
        RoomServer.builder()
            .namespace(TalkRoom.namespace())
            .namespace(TalkRoom.quick())
            .namespace(Namespace.named("crowd", TalkRoom::new).build())
            .namespace(Namespace.named("quick-crowd", TalkRoom::new).nonBlocking().build())
            .namespace(TalkRoom.drowsy())
            .namespace(TalkRoom.attended())
            .namespace(TalkRoom.quickAttended())
            .namespace(CollabNamespace.declaration())
            .data(folder.resolve("data"))
            .port(0)
            .set(Setting.CLOSING, "1")
            .set(Setting.SELECTORS, "2")
            .park(Duration.ofMillis(2))
            .start();
    String transport = System.getProperty("dormouse.transport", "auto");
    assertThat(server.front().transport()).isEqualTo(Transport.choose(transport));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static RawWebSocket open(String path) throws IOException {
    return welcomed(RawWebSocket.open(server.port(), path));
  }

  static RawWebSocket welcomed(RawWebSocket client) throws IOException {
    assertThat(client.readText()).isEqualTo("welcome");
    return client;
  }

  /// Waits until as many connections are packed.
  static void packed(int count) throws InterruptedException {
    for (int i = 0; i < 4_000 && server.packed() != count; i++) {
      Thread.sleep(10);
    }
    assertThat(server.packed()).as("packed").isEqualTo(count);
  }

  /// Waits until as many connections are parked.
  static void parked(int count) throws InterruptedException {
    for (int i = 0; i < 5_000 && server.front().parked() != count; i++) {
      Thread.sleep(1);
    }
    assertThat(server.front().parked()).as("parked").isEqualTo(count);
  }
}
