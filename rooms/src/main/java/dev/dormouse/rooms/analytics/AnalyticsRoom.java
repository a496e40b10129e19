package dev.dormouse.rooms.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.Upgrade;
import dev.dormouse.rooms.analytics.Wire.Sent;
import dev.dormouse.rooms.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes events and answers questions about them, over HTTP and over WebSocket alike.
///
/// A question is SQL that its sender wrote. It need not be trusted: it can only read, and only this
/// room's database, for a limited time.
final class AnalyticsRoom implements Room {
  private final RoomContext context;
  private final EventTable table;

  AnalyticsRoom(RoomContext context) {
    this.context = context;
    this.table = new EventTable(context);
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onAlarm(Alarm alarm) {
    table.forget();
  }

  // ---- what can be asked for

  private Wire.Taken take(Sent sent) {
    return table.take(Wire.events(sent, context.clock().millis()), sent.ref());
  }

  private Wire.Rows ask(Sent sent) {
    return asked(
        () -> table.ask(Wire.sql(sent), Wire.parameters(sent), Wire.limit(sent), sent.ref()));
  }

  /// A question that fails is its sender's fault, not the room's.
  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (SqlFailure failure) {
      int status =
          switch (failure.kind()) {
            case NOT_ALLOWED -> 403;
            case OVER_LIMIT -> 413;
            case WRONG, CONSTRAINT, TURN_UNDONE -> 400;
          };
      throw new Refusal.Refused(status, String.valueOf(failure.getMessage()));
    }
  }

  // ---- HTTP

  @Override
  public HttpReply onRequest(HttpCall call) {
    return switch (call.method() + " " + call.path()) {
      case "GET " -> said(table.state());
      case "POST events" -> said(take(Wire.sent(call.body())));
      case "POST query" -> said(ask(Wire.sent(call.body())));
      case "PUT retention" -> {
        table.keepFor(Wire.days(Wire.sent(call.body())));
        yield said(table.state());
      }
      default ->
          throw new Refusal.NotFound(
              "an analytics room has no '%s %s'".formatted(call.method(), call.path()));
    };
  }

  private static HttpReply said(Object what) {
    return HttpReply.json(200, Json.write(what));
  }

  // ---- WebSocket

  @Override
  public void onMessage(Connection connection, Message message) {
    switch (message) {
      case Message.Text text -> connection.send(answer(text.text(), connection.access()));
      case Message.Binary _ -> connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
    }
  }

  /// Refusals of a single message are answered here, with what it was called: events of others in
  /// the same batch were not taken, since nothing is written before all are checked.
  private String answer(String text, Access access) {
    JsonNode ref = null;
    try {
      Sent sent = Wire.sent(text.getBytes(StandardCharsets.UTF_8));
      ref = sent.ref();
      return Json.write(answer(sent, access));
    } catch (Refusal.Refused refused) {
      return wrong(ref, refused);
    }
  }

  private Object answer(Sent sent, Access access) {
    return switch (sent.type()) {
      case "events" -> {
        if (!access.covers(Access.WRITE)) {
          throw new Refusal.Refused(403, "this connection may only read");
        }
        yield take(sent);
      }
      case "query" -> ask(sent);
      case null, default -> throw Wire.bad("'type' is 'events' or 'query'");
    };
  }

  private static String wrong(@Nullable JsonNode ref, Refusal refusal) {
    return Json.write(
        new Wire.Wrong("error", ref, refusal.status(), String.valueOf(refusal.getMessage())));
  }

  /// The database is full, or the disk: nothing was taken.
  @Override
  public void onRefused(Connection connection, Refusal refusal) {
    connection.send(wrong(null, refusal));
  }
}
