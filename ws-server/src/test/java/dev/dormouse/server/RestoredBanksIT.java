package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.QueueMessage;
import dev.dormouse.saga.queue.Settled;
import dev.dormouse.saga.queue.node.QueueClient.Pulled;
import dev.dormouse.server.BankCalls.Books;
import dev.dormouse.server.backup.Restoration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A backup of all that can be stored, as a server at work makes it: rooms with SQL that send money
/// to each other through a queue, people outside who publish to it, and others who pull from it,
/// and are done with some of what they have. No unit of money is lost or made, wherever it was.
@Timeout(90)
@DisplayName("Banks that were restored from a backup made while they worked")
class RestoredBanksIT {
  private static final List<String> NAMES =
      IntStream.range(0, 6).mapToObj(number -> "b" + number).toList();
  private static final int MANY = 100;

  @TempDir Path folder;

  private final AtomicBoolean over = new AtomicBoolean();

  /// Why somebody stopped working.
  private final Set<Exception> failures = ConcurrentHashMap.newKeySet();

  /// What people outside were told that it is published, and where the last of it is.
  private final Set<String> published = ConcurrentHashMap.newKeySet();

  private final AtomicLong position = new AtomicLong();
  private final AtomicInteger deposits = new AtomicInteger();

  /// What those who pull were told that it is acknowledged; and what they have left lying.
  private final Set<String> settled = ConcurrentHashMap.newKeySet();

  private final Set<String> left = ConcurrentHashMap.newKeySet();

  private static BankCalls bank(RoomServer server, String name) {
    return server.rooms().stub(BankCalls.class, BankRoom.BANKS, name);
  }

  private static String some() {
    return NAMES.get(ThreadLocalRandom.current().nextInt(NAMES.size()));
  }

  // ---- those who are at work

  /// What one of them does, again and again.
  private interface Work {
    void run() throws InterruptedException;
  }

  private Thread works(Work work) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            while (!over.get()) {
              work.run();
              Thread.sleep(1);
            }
          } catch (InterruptedException | RuntimeException e) {
            failures.add(e);
          }
        });
  }

  private void publish(RoomServer server) {
    String text = "cash %d %s".formatted(deposits.incrementAndGet(), some());
    long at = server.queues().publish(BankRoom.TRANSFERS, List.of(message(text)));
    published.add(text);
    position.accumulateAndGet(at, Math::max);
  }

  private static QueueMessage message(String text) {
    return QueueMessage.of(text, ContentType.TEXT, text.getBytes(UTF_8));
  }

  private static List<Pulled> pull(RoomServer server, int limit, Duration wait) {
    return server.queues().pull(BankRoom.TRANSFERS, BankRoom.AUDIT, limit, BankRoom.LEASE, wait);
  }

  private static String text(Pulled pulled) {
    return new String(pulled.entry().message().payload(), UTF_8);
  }

  /// @return the texts of those that are settled by it
  private static List<String> ack(RoomServer server, List<Pulled> batch) {
    if (batch.isEmpty()) {
      return List.of();
    }
    List<Settled> became =
        server
            .queues()
            .ack(BankRoom.TRANSFERS, BankRoom.AUDIT, batch.stream().map(Pulled::lease).toList());
    return IntStream.range(0, batch.size())
        .filter(i -> became.get(i) == Settled.ACKED)
        .mapToObj(i -> text(batch.get(i)))
        .toList();
  }

  /// The last third of what it has is not answered.
  private void audit(RoomServer server) {
    List<Pulled> batch = pull(server, 10, Duration.ofMillis(100));
    int done = batch.size() * 2 / 3;
    batch.subList(done, batch.size()).forEach(each -> left.add(text(each)));
    settled.addAll(ack(server, batch.subList(0, done)));
  }

  private List<Thread> all(RoomServer server, RoomId unnamed) {
    List<Thread> all = new ArrayList<>();
    for (String name : NAMES) {
      all.add(
          works(() -> {
            bank(server, name).save(ThreadLocalRandom.current().nextLong(100));
            bank(server, name).send(name, some());
          }));
    }
    all.add(works(() -> server.rooms().stub(BankCalls.class, unnamed).save(1)));
    all.add(works(() -> publish(server)));
    all.add(works(() -> audit(server)));
    return all;
  }

  private static void backup(RoomServer server, Path to) throws Exception {
    AdminClient admin = new AdminClient(server);
    admin.order("/backups", "{\"actor\":\"me\",\"to\":\"%s\",\"rate\":2}".formatted(to));
    var state = admin.until("/backups", reply -> !reply.text("state").equals("running"));
    assertThat(state.text("state")).as(state.toString()).isEqualTo("done");
  }

  // ---- what they find

  private static List<Books> books(RoomServer server) {
    return NAMES.stream().map(name -> bank(server, name).books()).toList();
  }

  private static Set<String> sent(List<Books> books) {
    return books.stream().flatMap(each -> each.sent().stream()).collect(Collectors.toSet());
  }

  private static Set<String> taken(List<Books> books) {
    return books.stream()
        .flatMap(each -> each.taken().keySet().stream())
        .collect(Collectors.toSet());
  }

  /// Each has what it began with, less what it sent, and what it took.
  private static void assertSums(List<Books> books) {
    for (Books each : books) {
      assertThat(each.sum()).isEqualTo(BankRoom.CAPITAL - each.sent().size() + each.taken().size());
    }
  }

  /// All that is still to be pulled.
  private static List<String> drained(RoomServer server) {
    List<String> drained = new ArrayList<>();
    List<Pulled> batch;
    do {
      batch = pull(server, 100, BankRoom.LEASE.multipliedBy(2));
      drained.addAll(ack(server, batch));
    } while (!batch.isEmpty());
    return drained;
  }

  @Test
  void have_all_money_and_each_message_once_and_go_on_where_they_were() throws Exception {
    Path backup = folder.resolve("backup");
    Set<String> publishedBefore;
    Set<String> settledBefore;
    long positionBefore;
    RoomId unnamed;
    TreeMap<String, String> ids = new TreeMap<>();
    try (RoomServer server = BankRoom.server(folder.resolve("data")).start()) {
      unnamed = server.rooms().newUniqueId(BankRoom.BANKS);
      NAMES.forEach(name -> ids.put(name, server.rooms().idFromName(BankRoom.BANKS, name).hex()));
      List<Thread> threads = all(server, unnamed);
      for (int i = 0; i < 1_000 && settled.size() < MANY; i++) {
        Thread.sleep(10);
      }
      publishedBefore = new HashSet<>(published);
      settledBefore = new HashSet<>(settled);
      positionBefore = position.get();
      backup(server, backup);
      Thread.sleep(200);
      over.set(true);
      for (Thread each : threads) {
        each.join();
      }
    }
    assertThat(failures).isEmpty();
    assertThat(publishedBefore).isNotEmpty();
    assertThat(settledBefore).hasSizeGreaterThanOrEqualTo(MANY);

    Path restored = folder.resolve("restored");
    Restoration.restore(backup, restored, new SystemExecution());
    try (RoomServer server = BankRoom.server(restored).start()) {
      ids.forEach((name, hex) -> {
        assertThat(server.rooms().idFromString(BankRoom.BANKS, hex))
            .isEqualTo(server.rooms().idFromName(BankRoom.BANKS, name));
      });
      RoomId same = server.rooms().idFromString(BankRoom.BANKS, unnamed.hex());
      Books quiet = server.rooms().stub(BankCalls.class, same).books();
      assertThat(quiet.sum()).isEqualTo(BankRoom.CAPITAL);
      assertThat(quiet.savings()).isPositive();
      assertSums(books(server));

      // They go on.
      NAMES.forEach(name -> bank(server, name).send(name, some()));
      String late = "cash late " + some();
      assertThat(server.queues().publish(BankRoom.TRANSFERS, List.of(message(late))))
          .isGreaterThan(positionBefore);
      List<String> drained = drained(server);

      Set<String> due = sent(books(server));
      due.addAll(publishedBefore);
      due.add(late);
      for (int i = 0; i < 1_000 && !taken(books(server)).containsAll(due); i++) {
        Thread.sleep(10);
      }
      List<Books> books = books(server);
      assertThat(taken(books)).containsAll(due);
      assertThat(books).allSatisfy(each -> assertThat(each.taken().values()).containsOnly(1));
      assertSums(books);
      // What was published at the moment may be in it though nobody had been told so.
      Set<String> cash = taken(books);
      cash.removeAll(sent(books));
      assertThat(cash).allMatch(text -> text.startsWith("cash "));
      assertThat(books.stream().mapToLong(Books::sum).sum())
          .isEqualTo(NAMES.size() * BankRoom.CAPITAL + cash.size());

      // Of what is pulled, some was settled, some lay with somebody, some nobody had seen.
      assertThat(drained).doesNotHaveDuplicates().doesNotContainAnyElementsOf(settledBefore);
      assertThat(taken(books)).containsAll(drained);
      assertThat(drained).contains(late).containsAnyElementsOf(left);
      Set<String> open = taken(books);
      open.removeAll(settled);
      assertThat(drained).containsAll(open);
    }
  }
}
