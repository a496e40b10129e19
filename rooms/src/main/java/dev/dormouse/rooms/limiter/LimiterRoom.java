package dev.dormouse.rooms.limiter;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A token bucket: asked over HTTP and by other rooms' calls, watched over WebSocket. It sleeps
/// between bursts, see [Meter].
final class LimiterRoom implements Room, Limiter {
  private final RoomContext context;
  private final Meter meter;

  LimiterRoom(RoomContext context) {
    this.context = context;
    this.meter = new Meter(context);
  }

  private record LimitBody(@Nullable Long capacity, @Nullable Long perSeconds) {}

  /// A frame for those who watch.
  private record Standing(String type, @JsonUnwrapped Meter.State state) {}

  private record Wrong(String type, String message) {}

  @Override
  public void onStart(StartCause cause) {
    meter.open();
    if (cause == StartCause.RESET) {
      // What was said last may never have been.
      tell();
    }
  }

  // ---- calls

  @Override
  public Taken take(long tokens) {
    Taken taken = meter.take(tokens);
    if (taken.granted()) {
      tell();
    }
    return taken;
  }

  @Override
  public Limit limit() {
    return meter.ruling().limit();
  }

  @Override
  public void limit(Limit limit) {
    set(limit, OptionalLong.empty());
  }

  private Meter.Ruling set(Limit limit, OptionalLong expected) {
    long before = meter.ruling().revision();
    Meter.Ruling after = meter.set(limit, expected);
    if (after.revision() != before) {
      tell();
    }
    return after;
  }

  // ---- HTTP

  @Override
  public HttpReply onRequest(HttpCall call) {
    return switch (call.method() + " /" + call.path()) {
      case "GET /" -> HttpReply.json(200, Json.write(meter.state()));
      case "POST /take" -> taken(take(wish(call)));
      case "GET /limit" -> shown(meter.ruling());
      case "PUT /limit" -> shown(set(wanted(call), call.ifMatch()));
      default ->
          switch (call.path()) {
            case "" -> notAllowed("GET");
            case "take" -> notAllowed("POST");
            case "limit" -> notAllowed("GET, PUT");
            default ->
                throw new Refusal.NotFound(
                    "a limiter has '/', '/-/take' and '/-/limit', not '" + call.path() + "'");
          };
    };
  }

  private static HttpReply notAllowed(String allowed) {
    return HttpReply.text(405, "allowed here: " + allowed).header("allow", allowed);
  }

  private static HttpReply taken(Taken taken) {
    HttpReply reply = HttpReply.json(taken.granted() ? 200 : 429, Json.write(taken));
    return taken.granted()
        ? reply
        : reply.header("retry-after", Long.toString(Math.ceilDiv(taken.retryInMillis(), 1_000L)));
  }

  private static HttpReply shown(Meter.Ruling ruling) {
    return HttpReply.json(200, Json.write(ruling.limit())).version(ruling.revision());
  }

  private static long wish(HttpCall call) {
    String text = call.parameter("n").orElse("1");
    if (!text.matches("[0-9]{1,18}")) {
      throw new Refusal.Refused(400, "'n' is a number");
    }
    return Long.parseLong(text);
  }

  private static Limit wanted(HttpCall call) {
    try {
      LimitBody body = Json.readOrder(call.body(), LimitBody.class);
      if (body.capacity() == null || body.perSeconds() == null) {
        throw new Refusal.Refused(400, "a limit has 'capacity' and 'perSeconds'");
      }
      return new Limit(body.capacity(), body.perSeconds());
    } catch (BadJsonException e) {
      throw new Refusal.Refused(400, "the body is no limit: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new Refusal.Refused(400, String.valueOf(e.getMessage()));
    }
  }

  // ---- those who watch

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept().leavingQuietly();
  }

  @Override
  public void onOpen(Connection connection) {
    connection.send(standing());
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    switch (message) {
      case Message.Text _ ->
          connection.send(
              Json.write(new Wrong("error", "this socket only tells; take tokens by HTTP")));
      case Message.Binary _ -> connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
    }
  }

  private void tell() {
    context.connections().broadcast(standing());
  }

  private Message standing() {
    return Message.of(Json.write(new Standing("remaining", meter.state())));
  }
}
