package dev.dormouse.server;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Identity;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A room for tests that tells clients who it thinks they are, and says again what they say.
final class WhoRoom implements Room {
  /// All that rooms of this kind have ever seen of requests, as text.
  static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

  /// What became of connections, and when the room started.
  static final Queue<String> HEARD = new ConcurrentLinkedQueue<>();

  private final RoomContext context;

  WhoRoom(RoomContext context) {
    this.context = context;
  }

  private static Namespace.Builder named(String name) {
    return Namespace.named(name, WhoRoom::new)
        .publicStatus()
        .limits(RoomLimits.defaults().withIdle(Duration.ofMillis(200)));
  }

  static Namespace who() {
    return named("who").build();
  }

  /// Hears readers, and closes what it does not let in.
  static Namespace kind() {
    return named("kind").hearsReaders().refusesByClosing().build();
  }

  /// Lets in the red team, whatever grants say.
  static Namespace itself() {
    return named("itself").admitsItself().build();
  }

  @Override
  public void onStart(StartCause cause) {
    HEARD.add("start " + context.id().name().orElse("?"));
  }

  private static String text(Identity identity) {
    return identity.name().orElse("nobody") + " " + identity.access();
  }

  private boolean isIn(Identity identity) {
    return !context.id().namespace().equals("itself")
        || identity.text("team").filter("red"::equals).isPresent();
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    SEEN.add(upgrade + " " + upgrade.headers() + upgrade.query() + upgrade.subProtocols());
    if (!isIn(upgrade.identity())) {
      return Admission.refuse(403, "for the red team");
    }
    Admission.Accepted accepted =
        Admission.accept().attached(text(upgrade.identity()).getBytes(StandardCharsets.UTF_8));
    return upgrade.parameter("quietly").isPresent() ? accepted.leavingQuietly() : accepted;
  }

  @Override
  public void onOpen(Connection connection) {
    connection.send(
        new String(connection.attachment(), StandardCharsets.UTF_8) + " " + connection.access());
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    connection.send(message);
  }

  @Override
  public void onClose(Connection connection, CloseStatus status) {
    HEARD.add("close " + status.code());
  }

  @Override
  public HttpReply onRequest(HttpCall call) {
    SEEN.add(call + " " + call.headers() + call.query() + Map.of());
    return isIn(call.identity())
        ? HttpReply.text(200, call.method() + " " + text(call.identity()))
        : HttpReply.text(403, "for the red team");
  }
}
