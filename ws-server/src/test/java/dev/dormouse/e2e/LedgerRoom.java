package dev.dormouse.e2e;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Storage;
import dev.dormouse.room.Upgrade;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A room that writes down all it is told, in rows from which [Account] can tell what was lost and
/// what was made up.
///
/// | row | meaning |
/// |---|---|
/// | `count` | how many additions there were |
/// | `op/{op}` | an addition: the count that it made, and the version that it found |
/// | `out/{op}`, `sent/{op}` | a move to another room has begun, and is done |
/// | `in/{op}` | a move from another room has arrived |
/// | `due/{op}`, `fired/{op}` | an alarm's time in ms, and how often its handler was done |
/// | `restarts` | how often the alarm for restarts was done |
class LedgerRoom implements Room {
  static final String RESTART = "restart";
  static final String RESET = "reset";
  static final String REFUSED = "refused";

  private static final String COUNT = "count";
  private static final String RESTARTS = "restarts";

  private final RoomContext context;

  /// What the last message asked for.
  private String asked = "";

  LedgerRoom(RoomContext context) {
    this.context = context;
  }

  @Override
  public void onStart(StartCause cause) {
    if (cause == StartCause.RESET) {
      // What came over a socket and was lost by the reset is never answered.
      context.connections().broadcast(Message.of(RESET));
    }
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    String op = ((Message.Text) message).text();
    asked = op;
    context.connections().broadcast(Message.of(op + " " + add(op)));
  }

  @Override
  public void onRefused(Connection connection, Refusal refusal) {
    connection.send(REFUSED + " " + asked);
  }

  @Override
  public HttpReply onRequest(HttpCall call) {
    String op = call.parameter("op").orElse("");
    return switch (call.path()) {
      case "all" -> HttpReply.text(200, all());
      case "add" -> HttpReply.text(200, add(op));
      case "move" -> move(op, call.parameter("to").orElseThrow());
      case "take" -> {
        put("in/" + op, "");
        yield HttpReply.text(200, "taken");
      }
      case "alarm" -> alarm(op, Long.parseLong(call.parameter("ms").orElseThrow()));
      case "watch-restarts" -> {
        context.alarms().setAtRestart(RESTART);
        yield HttpReply.text(200, "watching");
      }
      case "forget" -> forget();
      default -> throw new Refusal.NotFound("a ledger has no '" + call.path() + "'");
    };
  }

  private String add(String op) {
    long count = number(COUNT) + 1;
    String entry = count + " " + storage().version();
    put(COUNT, Long.toString(count));
    put("op/" + op, entry);
    return entry;
  }

  /// Two turns with a call to another room between them: what the other room learns is durable
  /// here.
  private HttpReply move(String op, String to) {
    put("out/" + op, to);
    HttpReply reply =
        context
            .rooms()
            .request(
                context.rooms().idFromName(context.id().namespace(), to),
                new HttpCall("POST", "take", Map.of("op", List.of(op)), Map.of(), new byte[0]));
    put("sent/" + op, "");
    return reply;
  }

  private HttpReply alarm(String op, long inMillis) {
    var due = context.clock().instant().plusMillis(inMillis);
    context.alarms().set(op, due);
    put("due/" + op, Long.toString(due.toEpochMilli()));
    return HttpReply.text(200, "set");
  }

  @Override
  public void onAlarm(Alarm alarm) {
    if (alarm.name().equals(RESTART)) {
      put(RESTARTS, Long.toString(number(RESTARTS) + 1));
      context.alarms().setAtRestart(RESTART);
    } else {
      String row = "fired/" + alarm.name();
      put(row, Long.toString(number(row) + 1));
    }
  }

  /// Deletes what is about single ops; the numbers stay.
  private HttpReply forget() {
    for (Map.Entry<String, String> row : rows().entrySet()) {
      if (row.getKey().contains("/")) {
        delete(row.getKey());
      }
    }
    return HttpReply.text(200, "forgotten");
  }

  private String all() {
    return rows().entrySet().stream()
        .map(row -> row.getKey() + "=" + row.getValue() + "\n")
        .collect(Collectors.joining("", "version=" + storage().version() + "\n", ""));
  }

  private long number(String key) {
    return get(key).map(Long::parseLong).orElse(0L);
  }

  Storage storage() {
    return context.storage();
  }

  // ---- where the rows are

  void put(String row, String value) {
    storage().putText(row, value);
  }

  Optional<String> get(String row) {
    return storage().getText(row);
  }

  void delete(String row) {
    storage().delete(row);
  }

  SortedMap<String, String> rows() {
    SortedMap<String, String> rows = new TreeMap<>();
    storage().list(KeyRange.all()).forEach(entry -> rows.put(entry.key(), entry.text()));
    return rows;
  }
}
