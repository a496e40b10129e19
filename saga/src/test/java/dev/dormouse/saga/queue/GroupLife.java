package dev.dormouse.saga.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.saga.queue.GroupOracle.Known;
import dev.dormouse.saga.queue.GroupOracle.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/// A random life of a group beside an oracle: after every turn both know the same, and in the end
/// every message has been acknowledged, given up or purged.
final class GroupLife {
  private static final int TURNS = 60;

  private final Random random;
  private final GroupSettings settings;
  private final MemoryRows rows = new MemoryRows();
  private final List<LogEntry> log = new ArrayList<>();
  private final List<Lease> leases = new ArrayList<>();
  private ConsumerGroup group;
  private GroupOracle oracle;
  private long now = 1_000_000;
  private int keys;

  private GroupLife(Random random) {
    this.random = random;
    this.settings =
        GroupSettings.of("q", "g")
            .withRetries(
                random.nextInt(4), new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(60)))
            .withWindow(1 + random.nextInt(40), random.nextInt(30))
            .withMaxRetention(Duration.ofDays(36_500));
    this.group = new ConsumerGroup(settings);
    this.oracle = new GroupOracle(settings);
  }

  static void live(long seed) {
    GroupLife life = new GroupLife(new Random(seed));
    int turn = 0;
    try {
      for (; turn < TURNS; turn++) {
        life.turn();
      }
      life.drain();
    } catch (Throwable failure) {
      throw new AssertionError("turn " + turn + " of -Dgroup.seed=" + seed, failure);
    }
  }

  private void turn() {
    now += random.nextInt(5) == 0 ? random.nextInt(100) : random.nextInt(3);
    if (random.nextInt(20) == 0) {
      // The room slept, or the process died.
      group = new ConsumerGroup(settings);
    }
    if (random.nextInt(12) == 0) {
      loseTail();
    }
    GroupOracle before = oracle.copy();
    List<Lease> leasedBefore = List.copyOf(leases);
    GroupTurn turn = group.turn(rows, now, random::nextLong);
    for (int steps = 1 + random.nextInt(4); steps > 0; steps--) {
      step(turn);
    }
    check(turn);
    GroupChanges changes = turn.finish();
    if (random.nextInt(8) == 0) {
      // The turn is undone: nothing of it was ever stored or said.
      oracle = before;
      leases.clear();
      leases.addAll(leasedBefore);
    } else {
      rows.apply(changes);
      checkAlarm(changes);
    }
    GroupTurn look = group.turn(rows, now, random::nextLong);
    check(look);
    checkIndexes();
  }

  private static void assertSame(List<Long> is, List<Long> should) {
    if (!is.equals(should)) {
      assertThat(is).isEqualTo(should);
    }
  }

  private void step(GroupTurn turn) {
    switch (random.nextInt(15)) {
      case 0, 1 -> append();
      case 2, 3, 4 -> take(turn);
      case 5, 6 -> lease(turn, 1 + random.nextInt(5));
      case 7, 8 -> ack(turn);
      case 9 -> retry(turn);
      case 10 -> {
        turn.wake();
        oracle.endTimes(now);
      }
      case 11 -> letters(turn);
      case 12 -> redrive(turn);
      case 13 -> operate(turn);
      case 14 -> extend(turn);
      default -> throw new AssertionError();
    }
  }

  private void append() {
    for (int count = random.nextInt(6); count > 0; count--) {
      // Some come twice, as from a producer that did not learn of its append.
      String key = "k" + (random.nextInt(6) == 0 && keys > 0 ? random.nextInt(keys) : keys++);
      QueueMessage message = QueueMessage.of(key, ContentType.TEXT, new byte[0]);
      if (random.nextBoolean()) {
        message = message.inOrderOf("line" + random.nextInt(3));
      }
      if (random.nextInt(5) == 0) {
        message = message.delayedTo(now + random.nextInt(60));
      }
      log.add(new LogEntry(log.size(), now, message));
    }
  }

  private void take(GroupTurn turn) {
    assertThat(turn.position()).isEqualTo(oracle.position);
    int from = (int) turn.position();
    int to = Math.min(log.size(), from + 1 + random.nextInt(10));
    LogPage page = new LogPage(from, log.subList(from, to), to, List.of());

    assertThat(turn.take(page)).isEqualTo(oracle.take(page, now));
  }

  private void lease(GroupTurn turn, int limit) {
    oracle.endTimes(now);
    List<Long> expected = oracle.paused ? List.of() : oracle.leasable();

    List<Lease> got = turn.lease(limit, Duration.ofMillis(1 + random.nextInt(40)));

    // The oracle cannot know what is leasable behind what is leased now: lines are exclusive.
    assertThat(got.stream().map(Lease::position).toList())
        .isEqualTo(expected.subList(0, Math.min(limit, expected.size())));
    for (Lease lease : got) {
      Known known = oracle.known(lease.position());
      assertThat(lease.attempt()).isEqualTo(known.attempts() + 1);
      assertThat(lease.until()).isGreaterThan(now);
      oracle.leased(lease);
      leases.add(lease);
    }
  }

  private void ack(GroupTurn turn) {
    if (!leases.isEmpty()) {
      // Old leases too, answered or not.
      Lease lease = leases.get(random.nextInt(leases.size()));
      assertThat(turn.ack(lease.id())).isEqualTo(oracle.ack(lease));
    }
  }

  private void retry(GroupTurn turn) {
    if (!leases.isEmpty()) {
      Lease lease = leases.get(random.nextInt(leases.size()));
      long delay = random.nextInt(50);
      assertThat(turn.retry(lease.id(), Duration.ofMillis(delay), "no"))
          .isEqualTo(oracle.retry(lease, now, delay));
    }
  }

  private void extend(GroupTurn turn) {
    if (!leases.isEmpty()) {
      Lease lease = leases.get(random.nextInt(leases.size()));
      long more = 1L + random.nextInt(40);
      assertThat(turn.extend(lease.id(), Duration.ofMillis(more)))
          .isEqualTo(oracle.extend(lease, now + more));
    }
  }

  private void letters(GroupTurn turn) {
    List<Long> expected =
        oracle.in(Place.DEAD).stream()
            .filter(entry -> entry.getValue().letter())
            .map(entry -> entry.getKey())
            .toList();
    List<PendingLetter> letters = turn.letters(100);
    assertThat(letters).extracting(PendingLetter::position).isEqualTo(expected);
    for (PendingLetter letter : letters) {
      assertThat(letter.origin().attempts()).isEqualTo(oracle.known(letter.position()).attempts());
      if (random.nextBoolean()) {
        assertThat(turn.letterSent(letter.position())).isTrue();
        assertThat(turn.letterSent(letter.position())).isFalse();
        oracle.letterSent(letter.position());
      }
    }
  }

  private void redrive(GroupTurn turn) {
    List<Long> dead = oracle.in(Place.DEAD).stream().map(entry -> entry.getKey()).toList();
    long position =
        dead.isEmpty() || random.nextInt(5) == 0
            ? random.nextInt(1 + log.size())
            : dead.get(random.nextInt(dead.size()));
    assertThat(turn.redrive(position)).isEqualTo(oracle.redrive(position));
  }

  private void operate(GroupTurn turn) {
    switch (random.nextInt(8)) {
      case 0 -> {
        turn.purge(log.size());
        oracle.purge(log.size());
      }
      case 1, 2 -> {
        turn.pause();
        oracle.paused = true;
      }
      case 3, 4, 5 -> {
        turn.resume();
        oracle.paused = false;
      }
      default -> {
        long position = random.nextInt(1 + log.size());
        assertThat(turn.giveUp(position, "unreadable")).isEqualTo(oracle.giveUp(position));
      }
    }
  }

  /// The log comes back without its last entries; their producers append them again.
  private void loseTail() {
    int end = log.size() - random.nextInt(Math.min(log.size(), 8) + 1);
    List<LogEntry> lost = new ArrayList<>(log.subList(end, log.size()));
    log.subList(end, log.size()).clear();
    GroupTurn turn = group.turn(rows, now, random::nextLong);
    assertThat(turn.reconcile(0, end)).isEqualTo(oracle.position > end);
    oracle.loseTail(end);
    rows.apply(turn.finish());
    for (LogEntry entry : lost) {
      log.add(new LogEntry(log.size(), now, entry.message()));
    }
  }

  private void check(GroupTurn turn) {
    assertThat(turn.position()).isEqualTo(oracle.position);
    assertThat(turn.room()).isEqualTo(oracle.room());
    checkKnown(turn.peek(null, 0, 1_000), Place.UNRESOLVED);
    checkKnown(turn.peek(MessageState.DEAD, 0, 1_000), Place.DEAD);
    GroupStatus status = turn.status();
    assertThat(status.lowWater()).isEqualTo(oracle.lowWater());
    assertThat(status.logEpoch()).isEqualTo(oracle.epoch);
    assertThat(status.paused()).isEqualTo(oracle.paused);
    assertThat(status.ready()).isEqualTo(count(MessageState.READY));
    assertThat(status.delayed()).isEqualTo(count(MessageState.DELAYED));
    assertThat(status.leased()).isEqualTo(count(MessageState.LEASED));
    assertThat(status.dead()).isEqualTo(oracle.in(Place.DEAD).size());
    assertThat(status.letters())
        .isEqualTo(oracle.messages.values().stream().filter(Known::letter).count());
    assertThat(status.lost()).isZero();
  }

  private long count(MessageState state) {
    return oracle.in(Place.UNRESOLVED).stream().filter(e -> e.getValue().state() == state).count();
  }

  private void checkKnown(List<KnownMessage> found, Place place) {
    List<KnownMessage> expected = new ArrayList<>();
    for (var entry : oracle.in(place)) {
      Known known = entry.getValue();
      expected.add(
          new KnownMessage(
              entry.getKey(), known.state(), known.key(), known.attempts(), known.time(), ""));
    }
    List<KnownMessage> plain =
        found.stream()
            .map(
                m -> new KnownMessage(m.position(), m.state(), m.key(), m.attempts(), m.time(), ""))
            .toList();
    if (!plain.equals(expected)) {
      assertThat(plain).isEqualTo(expected);
    }
  }

  private void checkIndexes() {
    assertSame(rows.positions(GroupKeys.READY), oracle.leasable());
    assertSame(sorted(GroupKeys.TIMES), where(known -> known.time() > 0));
    assertSame(sorted("o/"), where(known -> !known.line().isEmpty()));
  }

  private List<Long> sorted(String prefix) {
    return rows.positions(prefix).stream().sorted().toList();
  }

  private List<Long> where(Predicate<Known> which) {
    return oracle.in(Place.UNRESOLVED).stream()
        .filter(entry -> which.test(entry.getValue()))
        .map(entry -> entry.getKey())
        .toList();
  }

  private void checkAlarm(GroupChanges changes) {
    long first =
        oracle.in(Place.UNRESOLVED).stream()
            .mapToLong(e -> e.getValue().time())
            .filter(time -> time > 0)
            .min()
            .orElse(Long.MAX_VALUE);
    assertThat(changes.nextAlarm().orElse(Long.MAX_VALUE)).isLessThanOrEqualTo(first);
  }

  /// Consumers that never fail take all that is left.
  private void drain() {
    for (int round = 0; round < 1_000; round++) {
      now += 50;
      GroupTurn turn = group.turn(rows, now, random::nextLong);
      turn.resume();
      oracle.paused = false;
      take(turn);
      lease(turn, 10);
      rows.apply(turn.finish());
      turn = group.turn(rows, now, random::nextLong);
      for (Lease lease : leases) {
        assertThat(turn.ack(lease.id())).isEqualTo(oracle.ack(lease));
      }
      leases.clear();
      check(turn);
      rows.apply(turn.finish());
      if (oracle.position == log.size() && oracle.in(Place.UNRESOLVED).isEmpty()) {
        assertThat(rows.positions(GroupKeys.MESSAGES)).isEmpty();
        assertThat(turn.lowWater()).isEqualTo(oracle.lowWater());
        return;
      }
    }
    throw new AssertionError("the group does not come to its end");
  }
}
