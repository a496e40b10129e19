package dev.dormouse.server;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.SqlStorage;
import dev.dormouse.room.StartCause;
import dev.dormouse.saga.Outgoing;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.saga.Queues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A bank with money in two tables. Within it money goes from one to the other in a turn; to
/// another bank it goes by a message of a queue, whose text is `sender number receiver`.
///
/// | table | holds |
/// |---|---|
/// | `checking`, `savings` | one row with what is there |
/// | `sent` | the texts of the messages that it sent |
/// | `taken` | the texts of those that it was brought, and how often |
record BankRoom(RoomContext context) implements Room, BankCalls, QueueConsumer {
  static final String BANKS = "banks";
  static final String TRANSFERS = "transfers";
  static final long CAPITAL = 1_000;

  /// A group that is pulled from.
  static final String AUDIT = "audit";

  static final Duration LEASE = Duration.ofSeconds(2);

  static RoomServerBuilder server(Path data) {
    return RoomServer.builder()
        .namespace(Namespace.named(BANKS, BankRoom::new).withSql().calls(BankCalls.class).build())
        .queue(
            Queue.named(TRANSFERS)
                .group(
                    "banks",
                    g ->
                        g.deliverTo(BANKS, message -> message.text().split(" ", 3)[2])
                            .lease(LEASE)
                            .batch(20))
                .group(
                    AUDIT,
                    g ->
                        g.unordered()
                            .lease(LEASE)
                            .retries(100)
                            .backoff(Duration.ofMillis(50), 1, Duration.ofMillis(50)))
                .http()
                .build())
        .data(data)
        .port(0)
        .set(Setting.ADMIN, "0")
        .set(Setting.STORE_FILES, "2");
  }

  @Override
  public void onStart(StartCause cause) {
    for (String table : List.of("checking", "savings")) {
      sql().exec("CREATE TABLE IF NOT EXISTS " + table + " (id INTEGER PRIMARY KEY, amount)");
    }
    sql().exec("INSERT OR IGNORE INTO checking VALUES (1, ?)", CAPITAL);
    sql().exec("INSERT OR IGNORE INTO savings VALUES (1, 0)");
    sql().exec("CREATE TABLE IF NOT EXISTS sent (text TEXT PRIMARY KEY)");
    sql().exec("CREATE TABLE IF NOT EXISTS taken (text TEXT PRIMARY KEY, times INTEGER)");
  }

  @Override
  public void save(long amount) {
    sql().exec("UPDATE checking SET amount = amount - ?", amount);
    sql().exec("UPDATE savings SET amount = amount + ?", amount);
  }

  @Override
  public void send(String sender, String receiver) {
    long number = number("SELECT count(*) FROM sent");
    String text = "%s %d %s".formatted(sender, number, receiver);
    sql().exec("UPDATE checking SET amount = amount - 1");
    sql().exec("INSERT INTO sent VALUES (?)", text);
    context.facility(Queues.class).send(TRANSFERS, Outgoing.text(text));
  }

  @Override
  public void onMessages(Batch batch) {
    for (Delivery each : batch.messages()) {
      sql().exec("UPDATE checking SET amount = amount + 1");
      sql()
          .exec(
              "INSERT INTO taken VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
              each.text());
    }
  }

  @Override
  public Books books() {
    List<String> sent = new ArrayList<>();
    sql().exec("SELECT text FROM sent").forEachRemaining(row -> sent.add(row.getText(0)));
    Map<String, Integer> taken = new HashMap<>();
    sql()
        .exec("SELECT text, times FROM taken")
        .forEachRemaining(row -> taken.put(row.getText(0), (int) row.getLong(1)));
    return new Books(
        number("SELECT amount FROM checking"), number("SELECT amount FROM savings"), sent, taken);
  }

  private long number(String query) {
    return sql().exec(query).one().getLong(0);
  }

  private SqlStorage sql() {
    return context.storage().sql();
  }
}
