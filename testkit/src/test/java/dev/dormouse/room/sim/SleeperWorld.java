package dev.dormouse.room.sim;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.StartCause;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What is known of all sleepers from outside: who lives, who is at work, what each client was
/// promised. A broken rule is thrown where it is seen.
final class SleeperWorld {
  final Random random;

  /// Whether nothing fails in this run, so that nothing may lack either.
  final boolean calm;

  /// The instance of each room that is at work.
  private final Map<RoomId, SleeperRoom> inside = new HashMap<>();

  /// The instance of each room that started last.
  private final Map<RoomId, SleeperRoom> latest = new HashMap<>();

  /// The rooms that have started since the process did.
  private final Set<RoomId> started = new HashSet<>();

  /// How many messages of each connection were handled, in order.
  final Map<Long, Integer> handled = new HashMap<>();

  private final Map<RoomId, Integer> counted = new HashMap<>();

  final Set<Long> closed = new HashSet<>();
  int alarmsSet;
  int alarmsFired;
  int timersSet;
  int timersDone;
  int woken;

  SleeperWorld(Random random, boolean calm) {
    this.random = random;
    this.calm = calm;
  }

  void starts(RoomId id, SleeperRoom instance, StartCause cause) {
    latest.put(id, instance);
    boolean again = !started.add(id);
    switch (cause) {
      case WOKEN -> {
        woken++;
        check(again, "H2: " + id + " was woken before it was ever started");
      }
      case RESTARTED -> check(!again, "H2: " + id + " restarted twice in one process");
      case RESET -> check(!calm, "T4: " + id + " was reset though nothing failed");
      case CREATED -> {}
    }
  }

  /// T1, H1: one live instance for an id, one event at a time.
  void enters(RoomId id, SleeperRoom instance) {
    check(latest.get(id) == instance, "H1: an instance of " + id + " outlived its sleep");
    SleeperRoom other = inside.putIfAbsent(id, instance);
    check(other == null, "T1: two handlers of " + id + " at once");
  }

  void leaves(RoomId id, SleeperRoom instance) {
    inside.remove(id, instance);
  }

  /// C3: the attachment is what the last turn of the connection left.
  void says(long connection, int number, int attached) {
    check(
        calm ? attached == number - 1 : attached < number,
        "C3, H2: message %d of connection %d found the attachment of %d"
            .formatted(number, connection, attached));
    handled.merge(connection, 1, Integer::sum);
  }

  /// H1: what was written before a sleep is there after it.
  void counts(RoomId id, int count) {
    int before = counted.merge(id, 1, Integer::sum) - 1;
    check(!calm || count == before + 1, "H1: %s counted %d after %d".formatted(id, count, before));
  }

  void ends(long connection) {
    check(closed.add(connection) || !calm, "C5: connection " + connection + " ended twice");
  }

  static void check(boolean holds, String rule) {
    if (!holds) {
      throw new BrokenRule(rule);
    }
  }

  /// Not an error of a handler's own: fails the run.
  static final class BrokenRule extends AssertionError {
    private static final long serialVersionUID = 1;

    BrokenRule(String rule) {
      super(rule);
    }
  }
}
