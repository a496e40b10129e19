package dev.dormouse.server;

import dev.dormouse.room.RoomLimits;
import dev.dormouse.storage.sql.SqlSettings;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Every limit there is, in one table for `docs/limits.md`: settings and their reasons as [Setting]
/// has them, what a room may use as [RoomLimits] has it, and what is fixed as the code has it.
final class LimitsTable {
  private static final String NOTHING = "nothing";

  /// @param per whose limit it is
  /// @param reason why there is one, and why it is what it is
  /// @param seen what a client that reaches it sees
  private record Row(String per, String name, String value, String reason, String seen) {}

  private final List<Row> rows = new ArrayList<>();

  private LimitsTable() {}

  static String table() {
    LimitsTable all = new LimitsTable();
    all.ofConnections();
    all.ofAddressesAndUsers();
    all.ofRooms();
    all.ofFailures();
    all.ofDocuments();
    all.ofSql();
    all.ofQueues();
    all.ofTheServer();
    StringBuilder table =
        new StringBuilder(
            "| of | limit | default | why | what a client sees |\n|---|---|---|---|---|\n");
    for (Row row : all.rows) {
      table.append(
          "| %s | %s | %s | %s | %s |\n"
              .formatted(row.per, row.name, row.value, row.reason, row.seen));
    }
    return table.toString();
  }

  private void ofConnections() {
    setting("connection", Setting.MESSAGE_RATE, "it is not read for a moment; nothing is lost");
    setting("connection", Setting.BYTE_RATE, "the same");
    setting("connection", Setting.OUTBOUND, "close 4000");
    setting("connection", Setting.CLOSING, "its socket is cut");
    setting("connection", Setting.HEADERS, "414 or 431");
    setting("connection", Setting.IDLE, "its socket is closed");
    setting("connection", Setting.HANDSHAKE, "its socket is cut");
    constant(
        "connection", "http.Address.MAX_NAME", "characters", "The name of a room (I1).", "400");
    constant(
        "connection",
        "limits.Rate.BURST",
        "seconds",
        "How much of `message-rate` and `byte-rate` may come at once.",
        NOTHING);
    constant(
        "connection",
        "limits.Patience.TIME",
        "seconds",
        "How long a message or a body that was begun, or what waits to be read by the client, may"
            + " take for each of the next line's bytes, or for a rest that is smaller. Whoever is"
            + " faster may take as long as he needs: it is less than the worst of networks carries.",
        "close 1013 if a message does not come, 408 if a body does not, close 4000 if it does not"
            + " read; an answer's socket is cut");
    constant("connection", "limits.Patience.PIECE", "bytes", "See the line above.", NOTHING);
    constant(
        "connection",
        "jetty.Attendance.MESSAGES",
        "messages",
        "How many are heard of a parked client before others have their turn.",
        NOTHING);
    constant(
        "connection",
        "jetty.RoomSession.BUFFER",
        "bytes",
        "What is read at once; borrowed while there is something to read.",
        NOTHING);
    constant(
        "connection",
        "jetty.ParkableWire.DIRECT",
        "bytes",
        "Up to how long a message is written to a parked socket without waking it.",
        NOTHING);
  }

  private void ofAddressesAndUsers() {
    setting("address", Setting.CLIENTS_PER_ADDRESS, "429 with `Retry-After: 10`, closed");
    setting("user", Setting.CLIENTS_PER_USER, "429 with `Retry-After: 10`");
    setting(
        "address, user",
        Setting.HANDSHAKE_RATE,
        "429 with `Retry-After`; an address's connection is closed then");
    String rate =
        "WebSockets are not read for a moment; requests are answered 429 with `Retry-After`";
    setting("address", Setting.MESSAGE_RATE_PER_ADDRESS, rate);
    setting("address", Setting.BYTE_RATE_PER_ADDRESS, rate);
    setting("user", Setting.MESSAGE_RATE_PER_USER, rate);
    setting("user", Setting.BYTE_RATE_PER_USER, rate);
    constant(
        "address, user",
        "limits.Metering.CONNECTS_BURST",
        "seconds",
        "How much of `handshake-rate` may come at once.",
        NOTHING);
    constant(
        "address, user",
        "limits.Tallies.BUCKETS",
        "buckets",
        "Addresses and users are counted in so many buckets, so that counting takes no memory"
            + " for each; those that fall into the same share it.",
        NOTHING);
  }

  private void ofRooms() {
    room("keyBytes", "bytes", "A key.", "what the room makes of the refusal *too-large* (413)");
    room("valueBytes", "bytes", "A value; larger things are several.", "the same");
    room("turnBytes", "bytes", "What one turn writes, since it is kept in memory.", "the same");
    room("listBytes", "bytes", "What one listing returns, likewise.", "the same");
    room(
        "storedBytes",
        "bytes",
        "What a room has stored, keys and values together: a tenth of what a Durable Object may have,"
            + " since all rooms of a server share its disk. `--room-bytes` sets it.",
        "what the room makes of the refusal *room-full* (507); what is there can be read, deleted"
            + " and made smaller");
    room(
        "storedKeys",
        "keys",
        "How many keys a room has: at a kilobyte each they come to the line above. `--room-keys`"
            + " sets it.",
        "the same");
    room("requestBytes", "bytes", "The body of a request.", "413");
    room("messageBytes", "bytes", "A message from a client.", "close 1009");
    room("alarms", "alarms", "Alarms of one room.", "what the room makes of the refusal");
    room(
        "queuedEvents",
        "events",
        "What waits at a room's gate: about a second of work (O6).",
        "it is not read; requests and upgrades are answered 503 with `Retry-After: 1`");
    room("heldBytes", "bytes", "What a room has said and the disk has not confirmed.", "the same");
    room("connections", "connections", "Connections of one room.", "503 with `Retry-After: 1`");
    room("porchBytes", "bytes", "What a doorman keeps for a room.", "what the doorman makes of it");
    room("idle", "", "How long a room stays awake unused.", NOTHING);
    room("turn", "", "How long a turn may take.", "503, *reset* (OVER_LIMIT)");
    room("criticalSection", "", "How long a critical section may take.", "the same");
    room("call", "", "How long a call waits for its reply.", "504");
    room("afterReply", "", "How long work after a reply may take.", NOTHING);
    constant(
        "room",
        "dev.dormouse.room.runtime.Sleep.CROWDED",
        "",
        "The part of the idle time that is left where more than half of `awake-rooms` are awake, or half of"
            + " `awake-memory` is taken.",
        NOTHING);
  }

  private void ofFailures() {
    constant(
        "room",
        "dev.dormouse.room.runtime.Rebuilds.LIMIT",
        "failures",
        "How often a room may fail within the next, and messages of one connection make it (T6).",
        "close 4001; others 503, *reset* (BACKING_OFF), for a while");
    constant(
        "room", "dev.dormouse.room.runtime.Rebuilds.WINDOW", "", "See the line above.", NOTHING);
  }

  /// The ready rooms for documents; what else they may use is in the lines of rooms.
  private void ofDocuments() {
    Object all = fixed("dev.dormouse.rooms.collab.CollabNamespace.LIMITS");
    String full = "close 4413, over HTTP 413; it can be read";
    document(all, "documentBytes", "bytes", "A document: a very long book with its history.", full);
    document(all, "clients", "clients", "Editors that ever wrote; each takes memory.", full);
    document(all, "structs", "ranges", "Ranges that do not touch; likewise.", full);
    document(all, "updateBytes", "bytes", "One change, or a document pasted whole.", "close 1009");
    String malformed = "close 4400, over HTTP 400";
    document(all, "nesting", "levels", "Lists and objects within each other.", malformed);
    document(all, "jsonBytes", "bytes", "One JSON text within a document.", malformed);
    document(all, "awarenessStateBytes", "bytes", "Name and cursor of one editor.", malformed);
    document(all, "awarenessClients", "clients", "Editors behind one connection.", malformed);
  }

  private void document(Object all, String component, String unit, String reason, String seen) {
    component("document", all, component, unit, reason, seen);
  }

  /// Rooms with SQL; what SQLite is bounded to is in sql-rooms.md.
  private void ofSql() {
    String failure = "what the room makes of `SqlFailure` (OVER_LIMIT)";
    SqlSettings all = SqlSettings.defaults();
    setting("SQL room", Setting.SQL_MEGABYTES, "what the room makes of the refusal *too-large*");
    component("SQL room", all, "steps", "steps", "What SQLite may do for a statement.", failure);
    component("SQL room", all, "statement", "", "Its time, for a page of rows each.", failure);
    constant(
        "SQL room",
        "dev.dormouse.storage.sql.Checked.LONGEST",
        "characters",
        "The text of a statement.",
        "what the room makes of `SqlFailure`");
    constant(
        "server",
        "dev.dormouse.storage.sql.ReadJob.MOST_WAITING",
        "questions",
        "Questions of strangers that wait while others take their time.",
        "503 with `Retry-After: 1`");
    setting("server", Setting.SQL_FILES, "the room's turn waits for a file to be closed");
  }

  private void ofQueues() {
    constant(
        "queue",
        "dev.dormouse.saga.QueueBuilder.MAX_MESSAGE_BYTES",
        "bytes",
        "The most that a declaration may allow for one message.",
        "413");
  }

  private void ofTheServer() {
    setting("server", Setting.CLIENTS, "503 with `Retry-After: 5`, closed");
    setting("server", Setting.HANDSHAKES, "503 with `Retry-After: 1`, closed");
    setting("server", Setting.AWAKE_ROOMS, "503 with `Retry-After: 1`");
    setting("server", Setting.AWAKE_MEMORY, "503 with `Retry-After: 1`; close 1013 for a change");
    constant(
        "server",
        "dev.dormouse.room.runtime.Readiness.PATIENCE",
        "",
        "How long those wait who ask for a room that there is no memory for.",
        "503 with `Retry-After: 1`");
    constant(
        "server",
        "dev.dormouse.room.runtime.Weight.SMALL",
        "bytes",
        "A room whose start is reckoned with no more than this does not wait behind larger ones, and"
            + " may have a quarter of `awake-memory` more.",
        NOTHING);
    setting(
        "server",
        Setting.QUEUE_MEMORY,
        "close 4000 if it is behind, close 1013 for a long message, 503 with `Retry-After: 1` for a"
            + " long body or answer; else it is not read");
    constant(
        "server",
        "limits.Patience.PRESSED",
        "seconds",
        "What is left of the 60 seconds for 16 KiB where `queue-memory` is used up.",
        "as there");
    constant(
        "server",
        "jetty.SocketLimits.PRESSED",
        "",
        "The part of `outbound` that is left where `queue-memory` is used up.",
        "close 4000");
    constant(
        "server",
        "limits.Burden.SMALL",
        "bytes",
        "Up to how long messages, bodies and answers are taken even then: who says little is heard.",
        NOTHING);
    constant(
        "server",
        "limits.Limits.RESERVE",
        "descriptors",
        "Kept back from `clients`, beside 3 for each of `sql-files`, for storage and for those who"
            + " are sent away.",
        NOTHING);
    constant(
        "server",
        "limits.Limits.TOLD",
        "connections",
        "How many are told at once why they are sent away.",
        "its socket is closed without a word");
    constant(
        "server",
        "limits.Partings.STAY",
        "",
        "How long one that was told has to hang up.",
        "its socket is closed");
    constant(
        "server",
        "jetty.Transport.QUEUE",
        "connections",
        "How many the kernel keeps that have not been accepted.",
        "connecting takes longer");
    constant(
        "server",
        "dev.dormouse.room.runtime.AlarmClock.WAKING_AT_ONCE",
        "rooms",
        "How many are being woken by alarms at a time.",
        NOTHING);
    constant("server", "Front.THREADS", "threads", "For reading and parsing.", NOTHING);
  }

  private void setting(String per, Setting setting, String seen) {
    rows.add(
        new Row(
            per,
            "`--" + setting.key() + "`",
            number(setting.byDefault()) + " " + setting.unit(),
            setting.reason(),
            seen));
  }

  private void room(String component, String unit, String reason, String seen) {
    component("room", RoomLimits.defaults(), component, unit, reason, seen);
  }

  /// @param all a record of limits
  private void component(
      String per, Object all, String component, String unit, String reason, String seen) {
    try {
      Object value = all.getClass().getMethod(component).invoke(all);
      String name = "`" + all.getClass().getSimpleName() + "." + component + "`";
      rows.add(new Row(per, name, (of(value) + " " + unit).strip(), reason, seen));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("there is no limit " + component, e);
    }
  }

  private void constant(String per, String name, String unit, String reason, String seen) {
    String full = name.startsWith("dev.") ? name : "dev.dormouse.server." + name;
    rows.add(new Row(per, "fixed", (of(fixed(full)) + " " + unit).strip(), reason, seen));
  }

  /// The value of a constant, by the full name of its class and its own.
  private static Object fixed(String name) {
    int dot = name.lastIndexOf('.');
    try {
      Field field = Class.forName(name.substring(0, dot)).getDeclaredField(name.substring(dot + 1));
      field.setAccessible(true);
      return Objects.requireNonNull(field.get(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("there is no constant " + name, e);
    }
  }

  private static String of(Object value) {
    return value instanceof Duration time
        ? number(Long.toString(time.toSeconds())) + " seconds"
        : number(String.valueOf(value));
  }

  private static String number(String digits) {
    return String.format(Locale.ROOT, "%,d", Long.parseLong(digits));
  }

  /// The names of all that rooms may use, as the table has them.
  static List<String> rooms() {
    LimitsTable all = new LimitsTable();
    all.ofRooms();
    return all.rows.stream().map(Row::name).toList();
  }
}
