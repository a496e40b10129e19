package dev.dormouse.e2e;

import dev.dormouse.rooms.collab.CollabNamespace;
import dev.dormouse.server.RoomServer;
import dev.dormouse.server.RoomServerBuilder;
import dev.dormouse.server.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/// A server with [AbusedRoom]s and documents in a process of its own, so that its figures are its
/// own. It ends when its standard input does.
public final class AbusedServer {
  private AbusedServer() {}

  /// @param arguments `serve`, then settings as the command line has them
  public static void main(String[] arguments) throws IOException {
    RoomServerBuilder builder =
        RoomServer.builder()
            .namespace(AbusedRoom.namespace())
            .namespace(CollabNamespace.declaration());
    for (int i = 1; i < arguments.length; i += 2) {
      String name = arguments[i].substring(2);
      if (name.equals("data")) {
        builder.data(Path.of(arguments[i + 1]));
      } else {
        builder.set(
            Setting.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')), arguments[i + 1]);
      }
    }
    try (RoomServer server = builder.start()) {
      System.out.println("Dormouse is ready at " + server.url());
      while (System.in.read() >= 0) {}
    }
  }
}
