package dev.dormouse.server;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.room.Upgrade;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/// A room with something of each kind in it. Its `main` makes a data folder like those in
/// `src/test/resources/folders`, which were made by the same code, built as it was then.
final class KeeperRoom implements Room {
  static final String NAME = "keeper";

  private final RoomContext context;

  KeeperRoom(RoomContext context) {
    this.context = context;
  }

  static Namespace namespace() {
    return Namespace.named(NAME, KeeperRoom::new).build();
  }

  static RoomServerBuilder server(Path data) {
    return RoomServer.builder().namespace(namespace()).data(data).port(0);
  }

  static String ask(RoomServer server, String room, String path) {
    return new String(
        ((HttpReply.Bytes)
                server
                    .rooms()
                    .request(server.rooms().idFromName(NAME, room), HttpCall.of("POST", path))
                    .body())
            .bytes(),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public HttpReply onRequest(HttpCall call) {
    Storage storage = context.storage();
    return switch (call.path()) {
      case "all" -> HttpReply.text(200, all());
      case "gone" -> {
        storage.deleteAll();
        yield HttpReply.text(200, "gone");
      }
      default -> {
        storage.putText("text", "kept by an older version");
        storage.put("bytes", new byte[] {0, 1, 2, (byte) 0xff});
        storage.putText("ключ/☃", "unicode");
        for (int i = 0; i < 30; i++) {
          storage.putText("many/" + i, "value " + i);
        }
        storage.schema(3);
        context.alarms().set("far", Instant.parse("2099-01-01T00:00:00Z"));
        context.alarms().set("past", Instant.parse("2099-01-02T00:00:00Z"));
        context.alarms().setAtRestart("restart");
        yield HttpReply.text(200, "filled");
      }
    };
  }

  private String all() {
    return "version %d schema %d%n"
            .formatted(context.storage().version(), context.storage().schema())
        + context.storage().list(KeyRange.all()).stream()
            .map(entry -> entry.key() + "=" + entry.text() + "\n")
            .collect(Collectors.joining())
        + context.alarms().list().stream()
            .map(alarm -> alarm.name() + "@" + alarm.due() + "\n")
            .collect(Collectors.joining());
  }

  @Override
  public void onAlarm(Alarm alarm) {
    context.storage().putText("rang", alarm.name());
  }

  /// @param arguments the folder
  public static void main(String[] arguments) {
    try (RoomServer server = server(Path.of(arguments[0])).start()) {
      for (String room : List.of("one", "two", "gone")) {
        ask(server, room, "fill");
        ask(server, room, room.equals("gone") ? "gone" : "fill");
      }
    }
  }
}
