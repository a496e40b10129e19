package dev.dormouse.loadtest.talk;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whole documents in which nobody does anything but type.
public final class Documents {
  private Documents() {}

  /// What each client typed, by its number. Where a stretch is missing, what lies behind it is left
  /// out; where one stands twice, it is there twice.
  ///
  /// @param update the document as one update
  /// @throws IllegalArgumentException if it is not such a document
  public static Map<Long, String> texts(byte[] update) {
    List<YReader.Typed> all =
        YReader.update(update).stream()
            .sorted(Comparator.comparingLong(YReader.Typed::clock))
            .toList();
    Map<Long, StringBuilder> texts = new HashMap<>();
    for (YReader.Typed one : all) {
      StringBuilder text = texts.computeIfAbsent(one.client(), _ -> new StringBuilder());
      if (one.clock() <= text.length()) {
        text.append(one.text());
      }
    }
    Map<Long, String> whole = new HashMap<>();
    texts.forEach((client, text) -> whole.put(client, text.toString()));
    return whole;
  }
}
