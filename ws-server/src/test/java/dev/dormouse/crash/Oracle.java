package dev.dormouse.crash;

import dev.dormouse.crash.check.Promises;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What clients asked for and what they were told. Thread-safe.
final class Oracle {

  /// A request that may still be answered.
  ///
  /// @param line as it was sent, to be sent again
  /// @param again whether it may have been done before
  private record Asked(String verb, String owner, String subject, String line, boolean again) {}

  /// What has its effect once however often it is asked for.
  private static final Set<String> AGAIN = Set.of("begin", "send");

  /// By op. Guarded by this object, like the others.
  private final Map<String, Asked> open = new LinkedHashMap<>();

  private final Map<String, String> begun = new HashMap<>();
  private final Map<String, String> ended = new HashMap<>();
  private final Set<String> cancelled = new HashSet<>();
  private final Map<String, String> swapped = new HashMap<>();
  private final Map<String, String> sent = new HashMap<>();
  private final Set<String> absent = new HashSet<>();
  private final Map<String, String> paused = new LinkedHashMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private boolean red;
  private long told;

  /// A client asks.
  ///
  /// @param subject the saga, or the version that it expects
  synchronized void asks(String verb, String op, String owner, String subject, String line) {
    open.put(op, new Asked(verb, owner, subject, line, false));
    if (verb.equals("pause")) {
      paused.put(subject, owner);
    }
  }

  /// A client is told something.
  synchronized void hears(String line) {
    String[] words = line.split(" ", -1);
    Asked asked = open.remove(words[1]);
    if (asked == null) {
      throw new AssertionError("an answer to nothing: " + line);
    }
    told++;
    if (words[0].equals("told")) {
      well(words, asked);
    } else {
      no(words, asked);
    }
  }

  private void well(String[] words, Asked asked) {
    switch (asked.verb) {
      case "begin" -> {
        begun.put(asked.subject, asked.owner);
        status(asked.subject, words[2]);
      }
      case "status" -> status(asked.subject, words.length > 2 ? words[2] : "");
      case "send" -> sent.put(words[1], asked.owner);
      case "cancel" -> cancelled.add(asked.subject);
      case "swap" -> swapped.put(words[1], asked.owner + " " + asked.subject);
      case "version" -> versions.put(asked.owner, Long.parseLong(words[2]));
      // A resume that came first may have found nothing to resume.
      case "pause" -> paused.put(asked.subject, asked.owner);
      case "resume" -> paused.remove(asked.subject);
      case "health" -> red |= words[2].equals("red");
      default -> {}
    }
  }

  private void status(String saga, String status) {
    if (status.equals("COMPLETED") || status.equals("COMPENSATED")) {
      ended.put(saga, status);
    }
  }

  private void no(String[] words, Asked asked) {
    boolean nothing = words[2].equals("NOT_APPLIED");
    switch (asked.verb) {
      case "begin" -> {
        if (nothing && !asked.again && !begun.containsKey(asked.subject)) {
          absent.add(asked.subject);
        }
      }
      case "swap", "send" -> {
        if (nothing && !asked.again) {
          absent.add(words[1]);
        }
      }
      // Not paused, or ended: there is nothing to resume.
      case "resume" -> {
        if (words[3].equals("409") || words[3].equals("404")) {
          paused.remove(asked.subject);
        }
      }
      default -> {}
    }
  }

  /// No answer is going to come to one request.
  ///
  /// @return the line to ask again with; empty if it is not to be asked again
  synchronized String lost(String op) {
    Asked asked = open.get(op);
    if (asked == null) {
      return "";
    }
    if (!AGAIN.contains(asked.verb)) {
      open.remove(op);
      unknown(asked);
      return "";
    }
    open.put(op, new Asked(asked.verb, asked.owner, asked.subject, asked.line, true));
    return asked.line;
  }

  /// Guarded by the caller.
  private void unknown(Asked asked) {
    if (asked.verb.equals("pause")) {
      paused.put(asked.subject, asked.owner);
    }
  }

  /// The process is gone: what was not answered is not going to be. What is to be asked again.
  synchronized List<String> again() {
    open.values().forEach(this::unknown);
    open.values().removeIf(asked -> !AGAIN.contains(asked.verb));
    open.replaceAll(
        (_, asked) -> new Asked(asked.verb, asked.owner, asked.subject, asked.line, true));
    return open.values().stream().map(Asked::line).toList();
  }

  synchronized int unanswered() {
    return open.size();
  }

  /// Sagas that may be paused, with their owners.
  synchronized Map<String, String> paused() {
    return Map.copyOf(paused);
  }

  synchronized long version(String owner) {
    return versions.getOrDefault(owner, 0L);
  }

  /// Whether the store was ever said to be in trouble; forgets it.
  synchronized boolean wasRed() {
    boolean was = red;
    red = false;
    return was;
  }

  /// How many answers clients have got.
  synchronized long told() {
    return told;
  }

  /// All that must hold because somebody was told so.
  synchronized Promises promises() {
    return new Promises(
        Map.copyOf(begun),
        Map.copyOf(ended),
        Set.copyOf(cancelled),
        Map.copyOf(swapped),
        Map.copyOf(sent),
        Set.copyOf(absent));
  }
}
