package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What clients know of one ledger room, and what follows from it for its rows: nothing that
/// anybody was told may be missing, nothing that nobody asked for may be there, and what is there
/// must be whole and in order.
///
/// Written by any thread while clients are at work, judged when they are done.
final class Account {
  private final String room;

  /// The count and version when ops were last forgotten.
  private long count;

  private long version;
  private long restarts;

  /// Starts of the server since the room was last looked at.
  private int starts;

  /// Whether the room was reset, which loses what came over sockets just then.
  private volatile boolean reset;

  private final Set<String> sent = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  /// What somebody was told of an addition, by op.
  private final Map<String, String> told = new ConcurrentHashMap<>();

  /// The room that a move was to, by op.
  private final Map<String, String> moves = new ConcurrentHashMap<>();

  private final Set<String> moved = ConcurrentHashMap.newKeySet();
  private final Set<String> alarms = ConcurrentHashMap.newKeySet();
  private final Set<String> alarmsSet = ConcurrentHashMap.newKeySet();

  /// The additions of one connection each, in the order in which they were sent.
  private final ConcurrentLinkedQueue<List<String>> streams = new ConcurrentLinkedQueue<>();

  Account(String room) {
    this.room = room;
  }

  String room() {
    return room;
  }

  void sendsAddition(String op) {
    sent.add(op);
  }

  /// Somebody was told that `op` made the count and found the version in `entry`.
  void toldOf(String op, String entry) {
    String before = told.putIfAbsent(op, entry);
    if (before != null && !before.equals(entry)) {
      throw new AssertionError(
          "%s: told two things about %s: %s and %s".formatted(room, op, before, entry));
    }
  }

  void sendsMove(String op, String to) {
    moves.put(op, to);
  }

  void hasMoved(String op) {
    moved.add(op);
  }

  void sendsAlarm(String op) {
    alarms.add(op);
  }

  void alarmIsSet(String op) {
    alarmsSet.add(op);
  }

  /// The server said that nothing of `op` was done.
  void wasRefused(String op) {
    refused.add(op);
  }

  void wasReset() {
    reset = true;
  }

  void stream(List<String> ops) {
    streams.add(ops);
  }

  void serverStarts() {
    starts++;
  }

  long answers() {
    return (long) told.size() + moved.size() + alarmsSet.size();
  }

  /// The rows of a room as it tells them.
  static Map<String, String> rows(String all) {
    Map<String, String> rows = new TreeMap<>();
    all.lines().forEach(line -> rows.put(line.split("=", 2)[0], line.split("=", 2)[1]));
    return rows;
  }

  private static Map<String, String> part(Map<String, String> rows, String kind) {
    Map<String, String> part = new HashMap<>();
    rows.forEach((key, value) -> {
      if (key.startsWith(kind + "/")) {
        part.put(key.substring(kind.length() + 1), value);
      }
    });
    return part;
  }

  private static long number(Map<String, String> rows, String key) {
    return Long.parseLong(rows.getOrDefault(key, "0"));
  }

  /// Judges what the very first request after a start found: all alarms that came due while the
  /// server was down have fired before it.
  ///
  /// @param startedAt when the start began, in ms
  void judgeFirstSight(Map<String, String> rows, long startedAt) {
    Map<String, String> fired = part(rows, "fired");
    part(rows, "due")
        .forEach((op, due) -> {
          if (Long.parseLong(due) <= startedAt) {
            assertThat(fired)
                .as("%s: A2, the overdue alarm %s fires before any request", room, op)
                .containsKey(op);
          }
        });
  }

  /// Whether all alarms have fired, so that the rest can be judged.
  boolean isQuiet(Map<String, String> rows) {
    return part(rows, "fired").keySet().containsAll(part(rows, "due").keySet())
        && (starts == 0 || number(rows, "restarts") > restarts);
  }

  /// Judges a room's rows, except for what moved between rooms.
  void judge(Map<String, String> rows) {
    judgeAdditions(rows);
    Map<String, String> due = part(rows, "due");
    assertThat(due.keySet())
        .as("%s: alarms that were answered are set", room)
        .containsAll(alarmsSet);
    assertThat(alarms).as("%s: alarms nobody asked for", room).containsAll(due.keySet());
    assertThat(refused).as("%s: alarms that were refused", room).noneMatch(due::containsKey);
    Map<String, String> fired = part(rows, "fired");
    assertThat(fired.keySet()).as("%s: alarms that fired", room).isEqualTo(due.keySet());
    assertThat(fired.values()).as("%s: each alarm is done once", room).allMatch("1"::equals);
    assertThat(number(rows, "restarts") - restarts)
        .as("%s: A3, the restart alarm is done once a start (%d starts)", room, starts)
        .isBetween(starts == 0 ? 0L : 1L, (long) starts);
    assertThat(number(rows, "version"))
        .as("%s: the version never falls", room)
        .isGreaterThanOrEqualTo(version);
  }

  private void judgeAdditions(Map<String, String> rows) {
    Map<String, String> ops = part(rows, "op");
    Map<String, String> lost = new TreeMap<>(told);
    lost.entrySet().removeAll(ops.entrySet());
    assertThat(lost).as("%s: what somebody was told of and is not stored so", room).isEmpty();
    assertThat(sent).as("%s: additions nobody asked for", room).containsAll(ops.keySet());
    assertThat(refused).as("%s: additions that were refused", room).noneMatch(ops::containsKey);
    Map<Long, Long> versionByCount = new TreeMap<>();
    for (String entry : ops.values()) {
      String[] numbers = entry.split(" ", 2);
      versionByCount.put(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }
    assertThat(number(rows, "count"))
        .as("%s: the count is that of the additions", room)
        .isEqualTo(count + ops.size());
    List<Long> counts = new ArrayList<>();
    for (long n = count + 1; n <= count + ops.size(); n++) {
      counts.add(n);
    }
    assertThat(List.copyOf(versionByCount.keySet()))
        .as("%s: counts without hole or double", room)
        .isEqualTo(counts);
    long last = version - 1;
    for (long found : versionByCount.values()) {
      assertThat(found).as("%s: S2, versions rise", room).isGreaterThan(last);
      last = found;
    }
    assertThat(number(rows, "version")).as("%s: the version now", room).isGreaterThan(last);
    for (List<String> sentInOrder : streams) {
      List<String> stream = sentInOrder.stream().filter(op -> !refused.contains(op)).toList();
      int stored = 0;
      while (stored < stream.size() && ops.containsKey(stream.get(stored))) {
        stored++;
      }
      if (!reset) {
        assertThat(stream.subList(stored, stream.size()))
            .as("%s: nothing is stored without what the same connection sent before it", room)
            .noneMatch(ops::containsKey);
      }
    }
  }

  /// Judges what left this room for others.
  ///
  /// @param all the rows of every room, by its name
  void judgeMoves(Map<String, Map<String, String>> all) {
    Map<String, String> rows = all.getOrDefault(room, Map.of());
    Map<String, String> out = part(rows, "out");
    assertThat(moves).as("%s: moves nobody asked for", room).containsAllEntriesOf(out);
    assertThat(part(rows, "sent").keySet())
        .as("%s: moves that were answered are done", room)
        .containsAll(moved);
    moves.forEach((op, to) -> {
      boolean arrived = all.getOrDefault(to, Map.of()).containsKey("in/" + op);
      if (rows.containsKey("sent/" + op)) {
        assertThat(arrived).as("%s: %s is done, so %s has it", room, op, to).isTrue();
      }
      if (arrived) {
        assertThat(out).as("O1: %s has %s, so it has left %s", to, op, room).containsKey(op);
      }
    });
  }

  /// All ops were judged and the room told to forget them.
  void forgotten(Map<String, String> rows) {
    count = number(rows, "count");
    version = number(rows, "version");
    restarts = number(rows, "restarts");
    starts = 0;
    reset = false;
    for (Set<String> each : List.of(sent, refused, moved, alarms, alarmsSet)) {
      each.clear();
    }
    told.clear();
    moves.clear();
    streams.clear();
  }

  /// Ops that arrived from other rooms but that none of them sent.
  static void judgeArrivals(Map<String, Map<String, String>> all, List<Account> accounts) {
    Set<String> known = ConcurrentHashMap.newKeySet();
    accounts.forEach(account -> known.addAll(account.moves.keySet()));
    all.forEach((room, rows) ->
        assertThat(known)
            .as("%s: arrivals nobody sent", room)
            .containsAll(part(rows, "in").keySet()));
  }
}
