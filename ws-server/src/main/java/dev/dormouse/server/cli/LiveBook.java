package dev.dormouse.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/// The rooms of a server that runs, by its admin port.
record LiveBook(AdminPort port) implements RoomBook {
  private static final int PAGE = 1_000;

  @Override
  public void all(Optional<String> namespace, Reader reader)
      throws IOException, InterruptedException {
    String query =
        "/rooms?limit="
            + PAGE
            + namespace.map(it -> "&namespace=" + AdminPort.encoded(it)).orElse("");
    String after = "";
    do {
      JsonNode page =
          port.get(query + (after.isEmpty() ? "" : "&after=" + AdminPort.encoded(after))).granted();
      for (JsonNode room : page.path("rooms")) {
        reader.room(room);
      }
      after = page.path("next").asText("");
    } while (!after.isEmpty());
  }

  @Override
  public Optional<JsonNode> page(RoomAddress room, String prefix, String after)
      throws IOException, InterruptedException {
    AdminPort.Reply reply =
        port.get(
            path(room)
                + "limit="
                + PAGE
                + (prefix.isEmpty() ? "" : "&prefix=" + AdminPort.encoded(prefix))
                + (after.isEmpty() ? "" : "&after=" + AdminPort.encoded(after)));
    if (reply.status() == 404 && reply.json().path("error").asText().equals("not-found")) {
      return Optional.empty();
    }
    return Optional.of(reply.granted());
  }

  @Override
  public void change(RoomAddress room, ObjectNode edit) throws IOException, InterruptedException {
    port.post(path(room) + "actor=" + AdminPort.encoded(Command.actor()), edit).granted();
  }

  private static String path(RoomAddress room) {
    String namespace = "/keys/" + AdminPort.encoded(room.namespace());
    return room.isId()
        ? namespace + "?id=" + AdminPort.encoded(room.text()) + "&"
        : namespace + "/" + AdminPort.encoded(room.text()) + "?";
  }

  @Override
  public void close() {}
}
