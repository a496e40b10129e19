package dev.dormouse.saga.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// A group, its rows, its log and a clock, in the words of the tests about it.
abstract class GroupSituation {
  static final Duration VISIBILITY = Duration.ofSeconds(30);

  final MemoryRows rows = new MemoryRows();
  final List<LogEntry> log = new ArrayList<>();
  GroupSettings settings =
      GroupSettings.of("orders", "billing")
          .withRetries(2, new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(3)));
  ConsumerGroup group = new ConsumerGroup(settings);
  long now = 1_000_000;
  OptionalLong alarm = OptionalLong.empty();

  void with(GroupSettings other) {
    settings = other;
    group = new ConsumerGroup(other);
  }

  <T> T in(Function<GroupTurn, T> work) {
    GroupTurn turn = group.turn(rows, now, () -> 42);
    T result = work.apply(turn);
    GroupChanges changes = turn.finish();
    rows.apply(changes);
    alarm = changes.nextAlarm();
    return result;
  }

  void append(QueueMessage... messages) {
    for (QueueMessage message : messages) {
      log.add(new LogEntry(log.size(), now, message));
    }
  }

  static QueueMessage message(String key) {
    return QueueMessage.of(key, ContentType.TEXT, new byte[0]);
  }

  int takeAll() {
    return in(turn ->
        turn.take(
            new LogPage(
                turn.position(),
                log.stream().filter(entry -> entry.position() >= turn.position()).toList(),
                log.size(),
                List.of())));
  }

  void given(String... keys) {
    for (String key : keys) {
      append(message(key));
    }
    takeAll();
  }

  List<Lease> lease(int limit) {
    return in(turn -> turn.lease(limit, VISIBILITY));
  }

  Lease leaseOne() {
    List<Lease> leases = lease(1);
    assertThat(leases).hasSize(1);
    return leases.getFirst();
  }

  Settled ack(Lease lease) {
    return in(turn -> turn.ack(lease.id()));
  }

  Settled retry(Lease lease, long delay) {
    return in(turn -> turn.retry(lease.id(), Duration.ofMillis(delay), "it said no"));
  }

  MessageState state(long position) {
    return in(turn ->
        turn.peek(null, position, 1).stream()
            .filter(known -> known.position() == position)
            .findFirst()
            .or(() -> turn.peek(MessageState.DEAD, position, 1).stream().findFirst())
            .orElseThrow()
            .state());
  }

  boolean says(Predicate<GroupTurn> question) {
    return in(question::test);
  }

  void does(Consumer<GroupTurn> work) {
    in(turn -> {
      work.accept(turn);
      return 0;
    });
  }

  List<PendingLetter> letters() {
    return in(turn -> turn.letters(10));
  }

  GroupStatus status() {
    return in(GroupTurn::status);
  }
}
