package dev.dormouse.loadtest.talk;

import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/// A member of a conversation who knows which messages it has seen, and notices when one is
/// missing. Safe for any thread.
public final class Member {
  private final String name;

  /// Empty before the first message. Guarded by this, as all that follows.
  private String epoch = "";

  private Stretches seen = new Stretches(1);
  private boolean knowsItsPlace;
  private long posts;

  public Member(String name) {
    this.name = name;
  }

  /// What a frame of the room said.
  public sealed interface Heard {
    /// This member is in.
    ///
    /// @param whole whether every message since it was last seen is known now; true for the first
    ///   time
    record Joined(boolean whole) implements Heard {}

    /// A post of this member was taken.
    record Posted(String id) implements Heard {}

    /// Somebody said something.
    record Message(String text) implements Heard {}

    /// The room refused something.
    record Refused(String code) implements Heard {}

    /// Who came and went.
    record Aside() implements Heard {}
  }

  /// The frame that enters: anew, or again from the last message that was seen.
  public synchronized String join() {
    Map<String, Object> join = new LinkedHashMap<>();
    join.put("type", "join");
    join.put("name", name);
    if (!epoch.isEmpty()) {
      join.put("epoch", epoch);
      join.put("offset", seen.whole() - 1);
    }
    return Json.write(join);
  }

  /// The frame that says `text`, with an id of its own.
  public synchronized String post(String text) {
    posts++;
    Map<String, Object> post = new LinkedHashMap<>();
    post.put("type", "post");
    post.put("text", text);
    post.put("id", lastId());
    return Json.write(post);
  }

  /// The id of the last post.
  public synchronized String lastId() {
    return name + "-" + posts;
  }

  /// Takes a frame of the room.
  ///
  /// @throws IllegalArgumentException if it is none
  public synchronized Heard heard(String frame) {
    JsonObject said = Json.object(frame);
    return switch (said.text("type")) {
      case "joined" -> joined(said);
      case "message" -> {
        epoch = said.text("epoch");
        JsonObject message = said.object("message");
        see(message);
        yield new Heard.Message(message.text("text"));
      }
      case "posted" -> new Heard.Posted(said.text("id"));
      case "error" -> new Heard.Refused(said.text("code"));
      default -> new Heard.Aside();
    };
  }

  private Heard joined(JsonObject joined) {
    boolean back = knowsItsPlace;
    if (!back) {
      seen = new Stretches(joined.number("offset") + 1);
    }
    epoch = joined.has("epoch") ? joined.text("epoch") : "";
    knowsItsPlace = !epoch.isEmpty();
    if (!back) {
      return new Heard.Joined(true);
    }
    joined.objects("messages").forEach(this::see);
    boolean all = !seen.hasHole() && seen.whole() == joined.number("offset") + 1;
    return new Heard.Joined(joined.truth("recovered") && all);
  }

  private void see(JsonObject message) {
    long offset = message.number("offset");
    seen.add(offset, offset + 1);
    knowsItsPlace = true;
  }

  /// True if a message was seen that comes behind one that was not. To be asked when all that
  /// arrived was taken.
  public synchronized boolean misses() {
    return seen.hasHole();
  }

  /// The offset up to which every message was seen since the first time.
  public synchronized long offset() {
    return seen.whole() - 1;
  }
}
