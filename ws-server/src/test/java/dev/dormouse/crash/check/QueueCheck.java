package dev.dormouse.crash.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The queue `parcels` and its group `shelf`: nothing is in the log that no room has sent (I5),
/// what was sent is in an outbox or the log (I6), and whatever the group has read is waiting,
/// handed out, acknowledged by the turn that took it, or a dead letter (I8).
final class QueueCheck {
  private static final String OURS = "\0queue/";
  private static final String OUT = OURS + "out/parcels/";

  private final List<Finding> findings;
  private final LogFiles.Log log;

  /// Positions in the log by key, the first one only.
  private final Map<String, Long> first = new HashMap<>();

  private final Set<String> letters = new HashSet<>();
  private final Map<String, Integer> got = new HashMap<>();
  private final Set<String> waiting = new HashSet<>();
  private final Set<String> sent = new HashSet<>();

  /// The group's rows by key: the state of what is unsettled, and positions of what was given up.
  private final Map<String, Integer> unsettled = new HashMap<>();

  private final Map<String, Long> givenUp = new HashMap<>();
  private final Set<Long> unsent = new HashSet<>();
  private long position;

  private QueueCheck(Path logs, List<Finding> findings) throws IOException {
    this.findings = findings;
    log = LogFiles.read(logs.resolve("parcels"));
    for (LogFiles.Entry letter : LogFiles.read(logs.resolve("parcels.dead")).entries()) {
      letters.add(letter.key());
    }
  }

  /// @param logs the folder of all logs
  static void check(List<RoomRows> rooms, Path logs, boolean quiet, List<Finding> findings)
      throws IOException {
    QueueCheck check = new QueueCheck(logs, findings);
    check.log.entries().forEach(entry -> check.first.putIfAbsent(entry.key(), entry.position()));
    for (RoomRows room : rooms) {
      check.read(room);
    }
    check.sources();
    check.sent.forEach(key -> check.message(key, quiet));
    check.got.forEach((key, times) -> {
      if (times > 1 || !check.sent.contains(key)) {
        check.found("I1", "%s was taken %d times".formatted(key, times));
      }
    });
    if (quiet && !check.unsettled.isEmpty()) {
      check.found("I8", "still unsettled: " + check.unsettled.keySet());
    }
  }

  /// Whether all that was sent has come to something.
  static boolean settled(List<RoomRows> rooms, Path logs) throws IOException {
    QueueCheck check = new QueueCheck(logs, new ArrayList<>());
    for (RoomRows room : rooms) {
      check.read(room);
    }
    return check.sent.stream().allMatch(key -> check.got.containsKey(key) || check.isGivenUp(key));
  }

  /// The group forgets what it has given up when the log has; its dead letter stays.
  private boolean isGivenUp(String key) {
    return givenUp.containsKey(key) || letters.contains(key);
  }

  private void found(String invariant, String what) {
    findings.add(new Finding(invariant, "queue: " + what));
  }

  // ---- rows

  private void read(RoomRows room) {
    sent.addAll(room.below("parcel/"));
    for (String op : room.below("got/")) {
      got.put(op, Integer.parseInt(room.text("got/" + op).orElse("0")));
    }
    outbox(room);
    if (room.namespace().equals("_queue") && room.name().equals("parcels/shelf")) {
      group(room);
    }
  }

  private void outbox(RoomRows room) {
    byte[] row = room.rows().get(OURS + "sent/parcels");
    long number = row == null ? 0 : ByteBuffer.wrap(row).getLong();
    long published = row == null ? 0 : ByteBuffer.wrap(row).getLong(8);
    List<String> out = room.below(OUT);
    for (String each : out) {
      ByteBuffer in = ByteBuffer.wrap(room.rows().getOrDefault(OUT + each, new byte[0]));
      in.get();
      LogFiles.utf(in);
      in.getLong();
      waiting.add(LogFiles.utf(in));
      published++;
      if (Long.parseLong(each) != published) {
        found("I6", "%s: row %d of the outbox is gone".formatted(room, published));
        return;
      }
    }
    if (published != number) {
      found("I6", "%s: %d were sent, the outbox ends at %d".formatted(room, number, published));
    }
    RoomRows.AlarmAt guard = room.alarms().get(OURS + "relay");
    if (!out.isEmpty() && (guard == null || guard.state() != 0)) {
      found("I6", room + " has an outbox that nobody looks after");
    }
  }

  private void group(RoomRows room) {
    byte[] header = room.rows().get("group");
    position = header == null ? 0 : ByteBuffer.wrap(header).getLong(2);
    boolean timed = false;
    for (String each : room.below("m/")) {
      ByteBuffer row = ByteBuffer.wrap(room.rows().getOrDefault("m/" + each, new byte[2]));
      row.get();
      int state = row.get();
      timed |= state != 0;
      unsettled.put(LogFiles.utf(row), state);
    }
    for (String each : room.below("z/")) {
      ByteBuffer row = ByteBuffer.wrap(room.rows().getOrDefault("z/" + each, new byte[2]));
      row.getShort();
      givenUp.put(LogFiles.utf(row), Long.parseUnsignedLong(each, 16));
    }
    for (String each : room.below("x/")) {
      unsent.add(Long.parseUnsignedLong(each, 16));
    }
    RoomRows.AlarmAt alarm = room.alarms().get("group");
    if ((timed || !unsent.isEmpty()) && (alarm == null || alarm.state() != 0)) {
      found("I3", "the group waits for something, and no alarm is set");
    }
  }

  // ---- verdicts

  /// What each room has sent is in the log in its order and without a gap.
  private void sources() {
    Map<String, Long> last = new HashMap<>();
    for (LogFiles.Entry entry : log.entries()) {
      if (!sent.contains(entry.key())) {
        found("I5", "%s is in the log, and no room has sent it".formatted(entry.key()));
      }
      long before = last.getOrDefault(entry.source(), log.first() > 0 ? entry.sequence() - 1 : 0L);
      if (entry.sequence() > before + 1) {
        found(
            "I6",
            "%d of %s follows %d in the log".formatted(entry.sequence(), entry.source(), before));
      }
      last.merge(entry.source(), entry.sequence(), Math::max);
    }
    if (position > log.end()) {
      found("I8", "the group is at %d of %d".formatted(position, log.end()));
    }
  }

  private void message(String key, boolean quiet) {
    int taken = got.getOrDefault(key, 0);
    Long at = first.get(key);
    boolean open = unsettled.containsKey(key);
    Long up = givenUp.get(key);
    if (at == null && !waiting.contains(key) && log.first() == 0) {
      found("I6", key + " was sent, and is in no outbox and not in the log");
    } else if (at != null && at >= position) {
      if (taken > 0 || open || up != null) {
        found("I8", "%s at %d is not read yet, and was taken".formatted(key, at));
      }
    } else if (open && up != null) {
      found("I8", key + " is unsettled and given up");
    } else if (at != null && !open && !isGivenUp(key) && taken != 1) {
      found("I8", "%s is acknowledged, and was taken %d times".formatted(key, taken));
    } else if (up != null && !unsent.contains(up) && !letters.contains(key)) {
      found("I8", key + " was given up, and there is no dead letter");
    }
    if (quiet && taken == 0 && !isGivenUp(key)) {
      found("I8", key + " was sent, and has come to nothing");
    }
    if (quiet && waiting.contains(key)) {
      found("I6", key + " still waits to be appended");
    }
  }
}
