package dev.dormouse.room.sim;

import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.testkit.MemoryDisk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Holds what leaves the rooms, and what is stored in the end, against the ledger.
final class Checker {
  private final Ledger ledger;
  private final MemoryDisk disk;

  /// The longest log that each room has told; what it tells later must go on from there (O4).
  private final Map<RoomId, String> told = new HashMap<>();

  /// Which program each exchange asked for.
  final Map<Long, Integer> asked = new HashMap<>();

  private final Set<Long> answered = new HashSet<>();

  /// Programs that were said to have left nothing behind.
  private final Set<Integer> notApplied = new HashSet<>();

  Checker(Ledger ledger, MemoryDisk disk) {
    this.ledger = ledger;
    this.disk = disk;
  }

  /// Looks at an effect as it leaves, before anybody sees it.
  void leaves(RoomId room, Effect effect) {
    switch (effect) {
      case Effect.Broadcast(_, Message.Text text, _) -> said(room, text.text());
      case Effect.Reply(long exchange, HttpReply reply) -> replied(room, exchange, reply);
      case Effect.Decline(long exchange, RoomException error) -> declined(exchange, error);
      default -> {}
    }
  }

  private void said(RoomId room, String text) {
    String log = text.substring("log ".length());
    String stored = stored(room);
    if (!stored.startsWith(log)) {
      throw new AssertionError(
          "O1: %s told '%s' while only '%s' is durable".formatted(room, log, stored));
    }
    String before = told.getOrDefault(room, "");
    if (!log.startsWith(before)) {
      throw new AssertionError(
          "O4: %s told '%s' after it had told '%s'".formatted(room, log, before));
    }
    told.put(room, log);
  }

  private void replied(RoomId room, long exchange, HttpReply reply) {
    answered.add(exchange);
    int program = asked.get(exchange);
    if (!reply.text().equals("done " + program) || !ledger.ended.contains(program)) {
      throw new AssertionError("exchange " + exchange + " got the reply of another: " + reply);
    }
    List<String> stored = tokens(stored(room));
    for (int turn : ledger.turnsOf.getOrDefault(program, List.of())) {
      if (!stored.containsAll(ledger.turnRecord(turn).tokens)) {
        throw new AssertionError(
            "O1: the reply to %d left %s before turn %d was durable: %s"
                .formatted(exchange, room, turn, stored));
      }
    }
  }

  private void declined(long exchange, RoomException error) {
    answered.add(exchange);
    Integer program = asked.get(exchange);
    boolean nothing = error.outcome() == Outcome.NOT_APPLIED;
    // A refusal undoes its own turn; earlier turns of the handler stand (T3).
    if (program != null && nothing && !(error instanceof Refusal)) {
      notApplied.add(program);
    }
  }

  private String stored(RoomId room) {
    return disk.text(room, "log").orElse("");
  }

  private static List<String> tokens(String log) {
    return log.isEmpty() ? List.of() : Arrays.asList(log.split(" "));
  }

  private static int turnOf(String token) {
    return Integer.parseInt(token.substring(0, token.indexOf('.')));
  }

  /// Looks at what a room has stored when everything is over.
  ///
  /// @param complete whether no commit failed and the process never died, so that nothing may lack
  void storedInTheEnd(RoomId room, boolean complete) {
    List<String> stored = tokens(stored(room));
    if (new HashSet<>(stored).size() != stored.size()) {
      throw new AssertionError("doubled effect in " + room + ": " + stored);
    }
    List<Integer> turns = new ArrayList<>();
    for (String token : stored) {
      if (turns.isEmpty() || turns.getLast() != turnOf(token)) {
        turns.add(turnOf(token));
      }
    }
    List<String> whole = new ArrayList<>();
    for (int turn : turns) {
      Ledger.TurnRecord record = ledger.turnRecord(turn);
      if (record.undone) {
        throw new AssertionError("T3: turn " + turn + " threw, yet " + room + " has " + stored);
      }
      whole.addAll(record.tokens);
    }
    if (!whole.equals(stored)) {
      throw new AssertionError(
          "T2: turns of %s are not whole: %s, should be %s".formatted(room, stored, whole));
    }
    for (int program : notApplied) {
      for (int turn : ledger.turnsOf.getOrDefault(program, List.of())) {
        if (turns.contains(turn)) {
          throw new AssertionError(
              "O2: program %d was said not to be applied, yet turn %d is stored in %s"
                  .formatted(program, turn, room));
        }
      }
    }
    if (complete) {
      ledger.turns.forEach((turn, record) -> {
        if (record.room.equals(room.toString())
            && !record.undone
            && !record.tokens.isEmpty()
            && !turns.contains(turn)) {
          throw new AssertionError(
              "lost effect: turn %d of %s; stored %s; turns of programs %s"
                  .formatted(turn, room, stored, ledger.turnsOf));
        }
      });
    }
  }

  /// Every exchange since the last crash has its answer.
  void allAnswered() {
    Set<Long> open = new HashSet<>(asked.keySet());
    open.removeAll(answered);
    if (!open.isEmpty()) {
      throw new AssertionError("never answered: " + open);
    }
  }

  /// The process died: what was told stays told, who asked is gone.
  void crashed() {
    asked.keySet().removeIf(exchange -> !answered.contains(exchange));
  }
}
