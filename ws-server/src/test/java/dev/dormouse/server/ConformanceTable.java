package dev.dormouse.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The results as `docs/security.md` has them: a line for each group of cases.
final class ConformanceTable {
  /// What each group is about; those below it that are not named belong to it.
  private static final Map<String, String> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("1.1", "Texts of 0 to 65,536 bytes, and in chops of 997");
    GROUPS.put("1.2", "Binary messages, likewise");
    GROUPS.put("2", "Pings of up to 125 bytes, ten in a row, a byte at a time; stray pongs");
    GROUPS.put("3", "Reserved bits, in frames of every kind");
    GROUPS.put("4.1", "Reserved opcodes 3 to 7");
    GROUPS.put("4.2", "Reserved opcodes 11 to 15");
    GROUPS.put("5", "Messages in parts, with pings between them, and parts of nothing");
    GROUPS.put("6.1", "Empty texts and parts");
    GROUPS.put("6.2", "UTF-8 in parts that end within characters");
    GROUPS.put("6.3", "What is not UTF-8, whole and in parts");
    GROUPS.put(
        "6.4", "The same slowly: refused when the message ends, which the suite calls non-strict");
    GROUPS.put(
        "6", "6.5 to 6.23: the longest, the shortest, overlong, cut and impossible sequences");
    GROUPS.put("7.1", "What follows a close frame");
    GROUPS.put("7.3", "Close frames of every length");
    GROUPS.put("7.5", "A reason that is not UTF-8");
    GROUPS.put("7.7", "Codes that may be sent");
    GROUPS.put("7.9", "Codes that must not be sent");
    GROUPS.put("7.13", "Codes of which nothing is said");
    GROUPS.put("9.1", "Texts, large");
    GROUPS.put("9.2", "Binary messages, large");
    GROUPS.put("9.3", "A large text in parts, small to large");
    GROUPS.put("9.4", "A large binary message in parts");
    GROUPS.put("9.5", "A large text in chops");
    GROUPS.put("9.6", "A large binary message in chops");
    GROUPS.put("9.7", "Many texts, small to large");
    GROUPS.put("9.8", "Many binary messages");
    GROUPS.put("10", "A text in parts of 1,300 bytes");
  }

  private ConformanceTable() {}

  static String of(Map<String, Map<String, String>> results) {
    StringBuilder table = new StringBuilder("| cases | what | how many |");
    results.keySet().forEach(transport -> table.append(' ').append(transport).append(" |"));
    table.append("\n|---|---|---|").append("---|".repeat(results.size())).append('\n');
    GROUPS.forEach((group, what) -> {
      List<String> cells = new ArrayList<>();
      long all = 0;
      for (Map<String, String> each : results.values()) {
        List<String> its =
            each.entrySet().stream()
                .filter(result -> group(result.getKey()).equals(group))
                .map(Map.Entry::getValue)
                .toList();
        all = its.size();
        long passed = its.stream().filter(Conformance.PASSED::equals).count();
        cells.add(passed == all ? "all passed" : passed + " passed");
      }
      table.append("| %s | %s | %d |".formatted(group, what, all));
      cells.forEach(cell -> table.append(' ').append(cell).append(" |"));
      table.append('\n');
    });
    return table.toString();
  }

  private static String group(String number) {
    String[] parts = number.split("\\.", -1);
    String two = parts[0] + "." + parts[1];
    return GROUPS.containsKey(two) ? two : parts[0];
  }
}
