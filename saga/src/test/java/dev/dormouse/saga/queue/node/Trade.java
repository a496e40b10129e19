package dev.dormouse.saga.queue.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.saga.GroupBuilder;
import dev.dormouse.saga.Outgoing;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.saga.Queues;
import dev.dormouse.saga.queue.ConsumerGroup;
import dev.dormouse.saga.queue.GroupRows;
import dev.dormouse.saga.queue.GroupSettings;
import dev.dormouse.saga.queue.GroupStatus;
import dev.dormouse.saga.queue.GroupTurn;
import dev.dormouse.saga.queue.KnownMessage;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.MemoryQueueLog;
import dev.dormouse.saga.queue.MessageState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Shops that number what they send, accounts that count what they get, and the invariants that
/// hold between the rows of both, the groups' and the logs.
final class Trade {
  private static final String OURS = "\0queue/";
  static final List<String> SHOPS = List.of("a", "b", "c");
  private static final List<String> ACCOUNTS = List.of("0", "1");

  final MemoryLogs logs = new MemoryLogs();
  final Plant plant;

  /// What an account does before it counts, and when it has counted the first message; may throw,
  /// or answer and wait.
  Plant.Consuming mood = (context, batch) -> {};

  Plant.Consuming halfway = (context, batch) -> {};

  Trade(long seed, UnaryOperator<GroupBuilder> group) {
    plant =
        new Plant(
                seed,
                () -> logs,
                Queue.named("orders")
                    .group(
                        "billing",
                        g ->
                            group.apply(
                                g.deliverTo(Plant.ACCOUNTS, message -> account(message.text()))))
                    .build())
            .troubled();
    logs.clock(plant.tester.execution());
    plant.shop = this::sell;
    plant.account = this::count;
  }

  /// Odd and even ones go to different rooms.
  private static String account(String text) {
    return "" + Long.parseLong(text.substring(2)) % 2;
  }

  private String sell(RoomContext context, String what) {
    long number = context.storage().getText("count").map(Long::parseLong).orElse(0L);
    List<Outgoing> all = new ArrayList<>();
    for (int i = 0; i < what.length(); i++) {
      all.add(Outgoing.text(context.id().name().orElseThrow() + ":" + ++number));
    }
    context.storage().putText("count", "" + number);
    context.facility(Queues.class).send("orders", all);
    return "";
  }

  private void count(RoomContext context, QueueConsumer.Batch batch) throws Exception {
    mood.takes(context, batch);
    for (QueueConsumer.Delivery each : batch.messages()) {
      String did = "did/" + each.text();
      long before = context.storage().getText(did).map(Long::parseLong).orElse(0L);
      context.storage().putText(did, "" + (before + 1));
      String last = "last/" + each.text().charAt(0);
      long number = Long.parseLong(each.text().substring(2));
      if (context.storage().getText(last).map(Long::parseLong).orElse(0L) >= number) {
        context.storage().putText("disorder/" + each.text(), "");
      }
      context.storage().putText(last, "" + number);
      if (each.equals(batch.messages().getFirst())) {
        halfway.takes(context, batch);
      }
    }
  }

  // ---- what is durable

  private NavigableMap<String, byte[]> rows(String namespace, String name) {
    return plant.tester.disk().keys(plant.tester.id(namespace, name));
  }

  private static long number(Map<String, byte[]> rows, String key) {
    byte[] value = rows.get(key);
    return value == null ? 0 : Long.parseLong(new String(value, UTF_8));
  }

  private List<LogEntry> log(String queue) {
    MemoryQueueLog.Disk disk = logs.disk(queue);
    return new MemoryQueueLog(disk, plant.tester.execution(), 1)
        .read(0, Integer.MAX_VALUE)
        .join()
        .entries();
  }

  private long did(String text) {
    return number(rows(Plant.ACCOUNTS, account(text)), "did/" + text);
  }

  private Set<String> letters() {
    Set<String> texts = new HashSet<>();
    log("orders.dead").forEach(entry -> texts.add(new String(entry.message().payload(), UTF_8)));
    return texts;
  }

  private GroupTurn group() {
    NavigableMap<String, byte[]> rows = new TreeMap<>(rows(QueueNode.NAMESPACE, "orders/billing"));
    GroupRows stored =
        new GroupRows() {
          @Override
          public byte @Nullable [] get(String key) {
            return rows.get(key);
          }

          @Override
          public List<Row> list(String from, String to, int limit) {
            return rows.subMap(from, to).entrySet().stream()
                .limit(limit)
                .map(each -> new Row(each.getKey(), each.getValue()))
                .toList();
          }
        };
    return new ConsumerGroup(GroupSettings.of("orders", "billing"))
        .turn(stored, plant.tester.execution().instant().toEpochMilli(), () -> 1);
  }

  // ---- the invariants

  /// Right after a kill, too.
  void holdAtAnyMoment() {
    for (String shop : SHOPS) {
      outboxIsWhole(shop);
    }
    eachMessageIsInOnePlace();
    for (String account : ACCOUNTS) {
      rows(Plant.ACCOUNTS, account)
          .forEach((key, value) -> {
            assertThat(key).as("in the order of sending").doesNotStartWith("disorder/");
            if (key.startsWith("did/")) {
              assertThat(new String(value, UTF_8)).as("the effect of %s, once", key).isEqualTo("1");
            }
          });
    }
  }

  /// I5, I6: what was sent is in the outbox or in the log, and nothing else is.
  private void outboxIsWhole(String shop) {
    RoomId id = plant.tester.id(Plant.SHOPS, shop);
    NavigableMap<String, byte[]> rows = plant.tester.disk().keys(id);
    byte[] head = rows.get(OURS + "sent/orders");
    Sent sent = head == null ? Sent.NOTHING : Sent.read(head);
    assertThat(sent.sent())
        .as("I5: sent with the room's own state, by %s", shop)
        .isEqualTo(number(rows, "count"));
    List<Long> waiting =
        rows.keySet().stream()
            .filter(key -> key.startsWith(OURS + "out/"))
            .map(Outbox::number)
            .toList();
    List<Long> expected = new ArrayList<>();
    for (long i = sent.published() + 1; i <= sent.sent(); i++) {
      expected.add(i);
    }
    assertThat(waiting).as("I6: the outbox of %s, of which %s", shop, sent).isEqualTo(expected);
    assertThat(plant.tester.disk().alarms(id).stream().map(AlarmRow::name))
        .as("I6: the guard of %s, whose outbox is %s", shop, waiting)
        .hasSize(waiting.isEmpty() ? 0 : 1);
    String word = Outbox.word(id);
    Set<Long> logged = new HashSet<>();
    for (LogEntry entry : log("orders")) {
      if (entry.message().source().equals(word)) {
        logged.add(entry.message().sequence());
      }
    }
    for (long i = logs.disk("orders").isWhole() ? 1 : sent.published() + 1;
        i <= sent.published();
        i++) {
      assertThat(logged).as("I6: published by %s", shop).contains(i);
    }
    assertThat(logged).as("I5: of %s", shop).allMatch(number -> number <= sent.sent());
  }

  /// I8.
  private void eachMessageIsInOnePlace() {
    GroupTurn group = group();
    GroupStatus status = group.status();
    long present = status.ready() + status.delayed() + status.leased() + status.dead();
    // What was given up and is no longer in the log has only its letter.
    long gone = status.taken() - present - status.acked();
    assertThat(gone)
        .as("I8: %s", status)
        .isBetween(0L, logs.disk("orders").isWhole() ? 0L : letters().size());
    Map<String, KnownMessage> known = new HashMap<>();
    group.peek(null, 0, Integer.MAX_VALUE).forEach(each -> known.put(each.key(), each));
    List<KnownMessage> dead = group.peek(MessageState.DEAD, 0, Integer.MAX_VALUE);
    dead.forEach(each -> assertThat(known.put(each.key(), each)).as("I8: %s", each).isNull());
    assertThat(known).hasSize((int) present);
    Set<Long> unsent = new HashSet<>();
    group.letters(Integer.MAX_VALUE).forEach(letter -> unsent.add(letter.position()));
    Set<String> sent = new HashSet<>();
    log("orders.dead").forEach(entry -> sent.add(entry.message().key()));
    for (KnownMessage each : dead) {
      assertThat(unsent.contains(each.position()) || sent.contains(each.key()))
          .as("I8: the letter of %s", each)
          .isTrue();
    }
    for (LogEntry entry : log("orders")) {
      if (entry.position() < status.position() && !known.containsKey(entry.message().key())) {
        String text = new String(entry.message().payload(), UTF_8);
        assertThat(did(text)).as("I8: %s was acknowledged, and has its effect", text).isEqualTo(1);
      }
    }
  }

  /// Nothing is under way any more: everything that was sent has had its effect, or is a dead
  /// letter.
  void holdAtTheEnd() {
    holdAtAnyMoment();
    GroupStatus status = group().status();
    assertThat(status.ready() + status.delayed() + status.leased() + status.letters())
        .as("%s", status)
        .isZero();
    assertThat(status.position()).isEqualTo(logs.disk("orders").end());
    Set<String> letters = letters();
    for (String shop : SHOPS) {
      NavigableMap<String, byte[]> rows = rows(Plant.SHOPS, shop);
      assertThat(rows.keySet()).as("outbox").noneMatch(key -> key.startsWith(OURS + "out/"));
      for (long i = 1; i <= number(rows, "count"); i++) {
        String text = shop + ":" + i;
        assertThat(did(text) == 1 || letters.contains(text))
            .as("I6: %s has had its effect, or is a dead letter", text)
            .isTrue();
      }
    }
  }

  /// How many messages have had their effect, and how many are dead letters without.
  long[] ends() {
    long did = 0;
    for (String account : ACCOUNTS) {
      did +=
          rows(Plant.ACCOUNTS, account).keySet().stream()
              .filter(key -> key.startsWith("did/"))
              .count();
    }
    return new long[] {did, letters().stream().filter(text -> did(text) == 0).count()};
  }

  static UnaryOperator<GroupBuilder> patient(int retries) {
    return g ->
        g.retries(retries)
            .backoff(Duration.ofMillis(200), 2, Duration.ofSeconds(20))
            .lease(Duration.ofSeconds(5))
            .batch(4);
  }
}
