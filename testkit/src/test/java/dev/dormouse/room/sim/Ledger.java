package dev.dormouse.room.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the simulation knows about every turn, kept outside the rooms: who wrote what, which turns
/// threw, what was promised to whom. The checker holds it against what left and what is stored.
final class Ledger {
  /// Turns by number: which room, what they wrote, whether they are known to have been undone.
  static final class TurnRecord {
    final String room;
    final List<String> tokens = new ArrayList<>();
    boolean undone;

    TurnRecord(String room) {
      this.room = room;
    }
  }

  final Map<Integer, TurnRecord> turns = new LinkedHashMap<>();

  /// The turns of each asked program, by its number.
  final Map<Integer, List<Integer>> turnsOf = new HashMap<>();

  /// Programs that ended well in their last turn, as their room saw it.
  final Set<Integer> ended = new HashSet<>();

  /// Who is in plain code of which room's incarnation.
  final Map<Object, Integer> inside = new HashMap<>();

  /// Which activation is in a critical section of which incarnation.
  final Map<Object, Integer> critical = new HashMap<>();

  private int lastTurn;
  private int lastToken;

  int newTurn(String room, int program) {
    int turn = ++lastTurn;
    turns.put(turn, new TurnRecord(room));
    turnsOf.computeIfAbsent(program, _ -> new ArrayList<>()).add(turn);
    return turn;
  }

  String newToken(int turn) {
    lastToken++;
    String token = turn + "." + lastToken;
    turnRecord(turn).tokens.add(token);
    return token;
  }

  TurnRecord turnRecord(int turn) {
    TurnRecord found = turns.get(turn);
    if (found == null) {
      throw new AssertionError("turn " + turn + " is not in the ledger");
    }
    return found;
  }
}
