package dev.dormouse.rooms.bench;

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
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// A room to be measured. The first character of a text says what to do: `e` echo, `b` broadcast,
/// `t` compare-and-set, `i` info, `a` alarm; any binary message is echoed.
///
/// What is measured most, the first three, makes no more objects than the messages themselves.
final class BenchRoom implements Room {
  private static final Message ALARM = Message.of("alarm");
  private static final Message ALARM_SET = Message.of("a");

  /// The longest delay an alarm takes, a year; longer ones are taken for mistakes.
  private static final long MAX_DELAY_MILLIS = 366L * 24 * 3600 * 1000;

  private final RoomContext context;
  private final Builds builds;
  private final Counter counter;
  private final AlarmBook alarms;

  /// Events this instance has seen.
  private long seen;

  BenchRoom(RoomContext context, Builds builds) {
    this.context = context;
    this.builds = builds;
    this.counter = new Counter(context);
    this.alarms = new AlarmBook(context);
  }

  @Override
  public void onStart(StartCause cause) {
    builds.built(context.id());
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    seen++;
    String attachment = "{\"n\":%d,\"t\":%d}".formatted(seen, context.clock().millis());
    return Admission.accept()
        .tagged("all")
        .attached(attachment.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    seen++;
    switch (message) {
      case Message.Binary binary -> connection.send(binary);
      case Message.Text text -> onText(connection, text);
    }
  }

  private void onText(Connection connection, Message.Text text) {
    byte[] bytes = text.bytes();
    switch (bytes.length == 0 ? 0 : bytes[0]) {
      case 'e' -> connection.send(text);
      case 'b' -> context.connections().broadcast(text);
      case 't' -> connection.send("t" + counter.increment(OptionalLong.empty()).orElseThrow());
      case 'i' ->
          connection.send(info() + new String(connection.attachment(), StandardCharsets.UTF_8));
      case 'a' -> {
        OptionalLong delay = number(text.text().substring(1));
        if (delay.isEmpty() || delay.getAsLong() > MAX_DELAY_MILLIS) {
          connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
        } else {
          alarms.set(delay.getAsLong(), 0, 1);
          connection.send(ALARM_SET);
        }
      }
      default -> connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
    }
  }

  @Override
  public void onClose(Connection connection, CloseStatus status) {
    seen++;
  }

  @Override
  public void onAlarm(Alarm alarm) {
    seen++;
    alarms.complete(alarm);
    context.connections().broadcast(ALARM);
  }

  @Override
  public HttpReply onRequest(HttpCall call) {
    seen++;
    return switch (call.path()) {
      case "tx" -> post(call) ? transaction(call) : only("POST");
      case "alarm" -> post(call) ? alarm(call) : only("POST");
      case "get" -> get(call) ? HttpReply.text(200, Long.toString(counter.read())) : only("GET");
      case "info" -> get(call) ? HttpReply.json(200, info()) : only("GET");
      default -> throw new Refusal.NotFound("the bench room has no '" + call.path() + "'");
    };
  }

  private static boolean get(HttpCall call) {
    return call.method().equals("GET");
  }

  private static boolean post(HttpCall call) {
    return call.method().equals("POST");
  }

  private static HttpReply only(String method) {
    return HttpReply.text(405, "only " + method).header("allow", method);
  }

  private HttpReply transaction(HttpCall call) {
    OptionalLong expected =
        call.parameter("expect").isPresent()
            ? OptionalLong.of(parameter(call, "expect", Long.MAX_VALUE))
            : OptionalLong.empty();
    OptionalLong next = counter.increment(expected);
    return next.isPresent()
        ? HttpReply.text(200, Long.toString(next.getAsLong()))
        : HttpReply.text(409, Long.toString(counter.read()));
  }

  private HttpReply alarm(HttpCall call) {
    long delay = parameter(call, "ms", MAX_DELAY_MILLIS);
    int failures = call.parameter("fail").isPresent() ? (int) parameter(call, "fail", 100) : 0;
    int count = call.parameter("count").isPresent() ? (int) parameter(call, "count", 1_000) : 1;
    alarms.set(delay, failures, count);
    return HttpReply.text(200, "a");
  }

  private static long parameter(HttpCall call, String name, long max) {
    OptionalLong value = number(call.parameter(name).orElse(""));
    if (value.isEmpty() || value.getAsLong() > max) {
      throw new Refusal.Refused(400, "'%s' takes a number from 0 to %d".formatted(name, max));
    }
    return value.getAsLong();
  }

  /// A number of up to 18 digits, without sign.
  private static OptionalLong number(String digits) {
    boolean good =
        !digits.isEmpty()
            && digits.length() <= 18
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return good ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
  }

  private String info() {
    return """
    {"ctorRoom":%d,"ctorTotal":%d,"mem":%d,"sockets":%d,"v":%d,"alarms":%d,"alarmLog":%s,\
    "alarmAt":%s,"now":%d}\
    """
        .formatted(
            builds.of(context.id()),
            builds.total(),
            seen,
            context.connections().count(),
            counter.read(),
            alarms.completed(),
            alarms.log(),
            alarms.due(),
            context.clock().millis());
  }
}
