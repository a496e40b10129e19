package dev.dormouse.loadtest;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The live objects of a JVM, as `jcmd <pid> GC.class_histogram` prints them.
///
/// @param byClass bytes of each class
/// @param total bytes of all
public record Histogram(Map<String, Long> byClass, long total) {
  private static final Pattern CLASS =
      Pattern.compile("^ *[0-9]+: +[0-9]+ +([0-9]+) +(\\S+)", Pattern.MULTILINE);
  private static final Pattern TOTAL =
      Pattern.compile("^Total +[0-9]+ +([0-9]+)", Pattern.MULTILINE);
  private static final int NAMED = 6;

  /// @throws StartException if `text` is no histogram
  static Histogram parse(String text) {
    Matcher total = TOTAL.matcher(text);
    if (!total.find()) {
      throw new StartException("no class histogram: " + text.lines().limit(5).toList());
    }
    Map<String, Long> byClass = new HashMap<>();
    for (Matcher one = CLASS.matcher(text); one.find(); ) {
      // Two class loaders may have a class of the same name.
      byClass.merge(one.group(2), Long.parseLong(one.group(1)), Long::sum);
    }
    return new Histogram(Map.copyOf(byClass), Long.parseLong(total.group(1)));
  }

  /// The classes that grew most since `before`, in bytes for each of `each`.
  public String growth(Histogram before, int each) {
    Map<String, Long> grown = new HashMap<>(byClass);
    before.byClass.forEach((name, bytes) -> grown.merge(name, -bytes, Long::sum));
    return grown.entrySet().stream()
        .filter(entry -> Math.round(entry.getValue() / (double) each) > 0)
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(NAMED)
        .map(entry -> entry.getKey() + " " + Math.round(entry.getValue() / (double) each))
        .collect(Collectors.joining(", "));
  }
}
