package dev.dormouse.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// One server for all tests of a class, with the namespaces `talk` and `quick`. Each test uses
/// rooms of its own.
abstract class WithServer {
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
            .data(folder.resolve("data"))
            .port(0)
            .park(Parking.TIME)
            .set(Setting.CLOSING, "1")
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static RawWebSocket open(String path, String... headers) throws IOException {
    RawWebSocket client = RawWebSocket.open(server.port(), path, headers);
    String welcome = client.readText();
    if (!welcome.equals("welcome")) {
      throw new IOException("not welcome but " + welcome);
    }
    return client;
  }
}
