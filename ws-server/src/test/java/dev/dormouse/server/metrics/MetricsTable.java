package dev.dormouse.server.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The table of all our metrics as `docs/operations.md` has it, made from a scrape.
final class MetricsTable {
  private static final Pattern HELP = Pattern.compile("# HELP (dormouse_\\S+) (.*)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (dormouse_\\S+) (\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("(dormouse_[a-z_]+)\\{(.*)} \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /// Labels whose values depend on what is declared and built.
  private static final List<String> DECLARED =
      List.of("namespace", "definition", "queue", "group", "version", "java");

  private MetricsTable() {}

  static String of(String scrape) {
    Map<String, String> help = new TreeMap<>();
    Map<String, String> types = new TreeMap<>();
    for (String line : scrape.lines().toList()) {
      Matcher about = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      if (about.matches()) {
        help.put(about.group(1), about.group(2));
      } else if (type.matches()) {
        types.put(type.group(1), type.group(2));
      }
    }
    StringBuilder table =
        new StringBuilder("| metric | kind | labels | meaning |\n|---|---|---|---|\n");
    types.forEach((name, type) -> {
      boolean largest =
          name.endsWith("_max") && types.containsKey(name.substring(0, name.length() - 4));
      if (!largest) {
        table.append(
            "| `%s` | %s | %s | %s |\n"
                .formatted(name, type, labels(scrape, name), help.getOrDefault(name, "")));
      }
    });
    return table.toString();
  }

  private static String labels(String scrape, String metric) {
    Map<String, TreeSet<String>> values = new TreeMap<>();
    for (String line : scrape.lines().toList()) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches()
          && sample
              .group(1)
              .replaceFirst("_(bucket|sum|count)$", "")
              .equals(metric.replaceFirst("_(bucket|sum|count)$", ""))) {
        Matcher label = LABEL.matcher(sample.group(2));
        while (label.find()) {
          if (!label.group(1).equals("le")) {
            values.computeIfAbsent(label.group(1), _ -> new TreeSet<>()).add(label.group(2));
          }
        }
      }
    }
    List<String> all = new ArrayList<>();
    values.forEach((label, words) ->
        all.add(
            DECLARED.contains(label)
                ? "`" + label + "`"
                : "`" + label + "`: " + String.join(", ", words)));
    return String.join("; ", all);
  }
}
