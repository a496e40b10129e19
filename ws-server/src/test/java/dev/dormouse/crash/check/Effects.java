package dev.dormouse.crash.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What participants and services outside say that they did, by their own books.
final class Effects {
  private static final String JOURNAL = "journal/";

  /// Done, and taken back: times in ns of the machine's monotonic clock.
  ///
  /// @param asked of what was taken back, what the saga had asked for: a participant that refuses
  ///   late does it by itself, at any time
  record Count(List<Long> done, List<Long> undone, List<Long> asked) {
    long stands() {
      return (long) done.size() - undone.size();
    }

    @Override
    public String toString() {
      return "did %d, undid %d".formatted(done.size(), undone.size());
    }
  }

  /// By saga and step.
  private final NavigableMap<String, Count> counts = new TreeMap<>();

  static Effects of(List<RoomRows> rooms, Path ledger) throws IOException {
    Effects effects = new Effects();
    for (RoomRows room : rooms) {
      for (String line : room.below(JOURNAL)) {
        String[] words = room.text(JOURNAL + line).orElseThrow().split(" ", -1);
        String saga = words[2].substring(words[2].indexOf('/') + 1);
        // A late answer is no effect of its own.
        if (!words[0].equals("late")) {
          effects.add(saga, words[1], words[0], Long.parseLong(words[3]));
        }
      }
    }
    if (Files.exists(ledger)) {
      for (String line : Files.readAllLines(ledger)) {
        String[] words = line.split(" ", -1);
        if (words[4].equals("effect")) {
          String what = words[2].equals("refund") ? "undo" : "do";
          effects.add(words[3], "pay", what, Long.parseLong(words[0]));
        }
      }
    }
    return effects;
  }

  private void add(String saga, String step, String what, long nanos) {
    Count count =
        counts.computeIfAbsent(
            saga + "/" + step,
            absent -> new Count(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
    (what.equals("do") ? count.done : count.undone).add(nanos);
    if (what.equals("undo")) {
      count.asked.add(nanos);
    }
  }

  Count of(String saga, String step) {
    return counts.getOrDefault(saga + "/" + step, new Count(List.of(), List.of(), List.of()));
  }

  NavigableMap<String, Count> all() {
    return counts;
  }
}
