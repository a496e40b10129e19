package dev.dormouse.saga.queue.node;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.queue.GroupStatus;
import dev.dormouse.saga.queue.Lease;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings a group's messages to the rooms that they are for, in batches, and takes their answers.
///
/// A message goes out once its lease is durable. If it, or its answer, is lost on the way, its
/// lease runs out and it is brought again.
final class Dispatch {
  static final String NO_PAYLOAD = "the log cannot give the message any more";

  /// How many messages are leased in one turn.
  private static final int AT_ONCE = 200;

  /// How many are read from the log at once.
  private static final int PAGE = 500;

  private final Ledger ledger;
  private final Queue.Group group;
  private final Queue.Destination destination;
  private final Farewells settled = new Farewells();

  Dispatch(Ledger ledger, Queue.Group group, Queue.Destination destination) {
    this.ledger = ledger;
    this.group = group;
    this.destination = destination;
  }

  /// Hands out some of what there is.
  ///
  /// @return see [Driver.Work#run]
  long run() {
    GroupStatus status = ledger.status();
    long free = group.inFlight() - status.leased();
    if (free <= 0 || status.paused()) {
      return Driver.NOTHING_TO_DO;
    }
    int wanted = (int) Math.min(free, AT_ONCE);
    if (status.ready() < wanted && ledger.readOn(PAGE)) {
      // What was read ended the turn; the group may look different now.
      return 0;
    }
    long wait = hold(status.ready());
    if (wait > 0) {
      return wait;
    }
    List<Lease> leases = ledger.change(turn -> turn.lease(wanted, group.lease()));
    if (!leases.isEmpty()) {
      ledger.open().handedOut();
      deliver(leases);
      return 0;
    }
    // What is ready may stand in line behind others, while what has not been read does not.
    return ledger.readOn(PAGE) ? 0 : Driver.NOTHING_TO_DO;
  }

  /// How long the messages that are ready are still to wait for others.
  private long hold(long ready) {
    if (ready == 0 || ready >= group.batch() || group.batchWait().isZero()) {
      return 0;
    }
    long now = ledger.context().clock().millis();
    return Math.max(0, ledger.open().holdingSince(now) + group.batchWait().toMillis() - now);
  }

  private void deliver(List<Lease> leases) {
    ledger.fetch(leases.stream().map(Lease::position).toList());
    Map<RoomId, List<Note.Handed>> byRoom = new LinkedHashMap<>();
    ledger.changing(turn -> {
      for (Lease lease : leases) {
        LogEntry entry = ledger.pages().get(lease.position());
        if (entry == null) {
          turn.giveUp(lease.position(), NO_PAYLOAD);
          continue;
        }
        try {
          byRoom.computeIfAbsent(target(entry), _ -> new ArrayList<>()).add(handed(lease, entry));
        } catch (Nowhere unknown) {
          turn.retry(lease.id(), Duration.ZERO, String.valueOf(unknown.getMessage()));
        }
      }
    });
    long lowWater = ledger.look(turn -> turn.lowWater());
    ledger.handle().whenDurable(() -> ledger.node().execution().failpoint(QueueFailpoints.LEASED));
    byRoom.forEach((room, handed) -> {
      for (int from = 0; from < handed.size(); from += group.batch()) {
        List<Note.Handed> batch =
            handed.subList(from, Math.min(handed.size(), from + group.batch()));
        ledger
            .handle()
            .note(
                room,
                new Note.Deliver(
                    ledger.open().settings().queue(),
                    group.name(),
                    lowWater,
                    settled.take(room),
                    List.copyOf(batch)));
      }
    });
  }

  /// A message for which no room was found, in a sentence.
  private static final class Nowhere extends Exception {
    private static final long serialVersionUID = 1;

    Nowhere(Queue.Destination destination, String why) {
      super("no room of '%s' was found for it: %s".formatted(destination.namespace(), why));
    }
  }

  private RoomId target(LogEntry entry) throws Nowhere {
    Taken message = new Taken(entry.message(), entry.appendedAt(), ledger.handle().codec());
    try {
      @Nullable String name = destination.room().room(message);
      if (name == null) {
        throw new Nowhere(destination, "the group's function names none");
      }
      return ledger.context().rooms().idFromName(destination.namespace(), name);
    } catch (RuntimeException e) {
      throw new Nowhere(destination, "the group's function fails: " + e);
    }
  }

  private static Note.Handed handed(Lease lease, LogEntry entry) {
    return new Note.Handed(
        lease.id(), lease.position(), lease.attempt(), entry.appendedAt(), entry.message());
  }

  /// A room has answered. It may forget what it acknowledged once that is durable here: a turn that
  /// is refused has settled nothing, and the same message is going to be brought to it again.
  void answered(RoomId room, Note.Answered answered) {
    List<String> acked = new ArrayList<>();
    ledger.changing(turn -> {
      for (Note.Answer answer : answered.answers()) {
        Settled became =
            answer.acked()
                ? turn.ack(answer.lease())
                : turn.retry(answer.lease(), Duration.ofMillis(answer.delay()), answer.error());
        if (answer.acked() && (became == Settled.ACKED || became == Settled.ALREADY)) {
          acked.add(answer.key());
        }
      }
    });
    ledger.handle().whenDurable(() -> settled.add(room, acked));
    ledger.open().poke();
  }
}
