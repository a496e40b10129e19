package dev.dormouse.loadtest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// All samples of a run as JSON, for scripts that compare runs.
final class Figures {
  private Figures() {}

  static String json(Report report) {
    List<Object> samples = new ArrayList<>();
    for (Case one : report.results().cases()) {
      samples.addAll(of(report.results(), one, report.ours()));
      report.peer().ifPresent(peer -> samples.addAll(of(report.results(), one, peer)));
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("command", report.command());
    all.put("machine", report.facts());
    all.put("samples", samples);
    return Json.write(all) + "\n";
  }

  private static List<Object> of(Results results, Case one, String server) {
    List<Object> samples = new ArrayList<>();
    for (Sample sample : results.of(one, server)) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("case", one.key());
      fields.put("server", server);
      sample.figures().forEach((measure, figure) -> fields.put(name(measure), figure));
      fields.put("clientCores", sample.clientCores());
      sample.serverCores().ifPresent(cores -> fields.put("serverCores", cores));
      sample.otherCores().ifPresent(cores -> fields.put("otherCores", cores));
      if (!sample.remarks().isEmpty()) {
        fields.put("remarks", sample.remarks());
      }
      samples.add(fields);
    }
    return samples;
  }

  private static String name(Measure measure) {
    return switch (measure) {
      case RATE -> "perSecond";
      case CPU -> "serverCpuMicros";
      case WOKEN -> "wokenPercent";
      case WAKE_P50 -> "wakeP50Millis";
      case WAKE_P99 -> "wakeP99Millis";
      case AWAKE_P50 -> "awakeP50Millis";
      case AWAKE_P99 -> "awakeP99Millis";
      case HEAP, RSS -> measure.name().toLowerCase(Locale.ROOT) + "BytesEach";
      case P50, P99, START -> measure.name().toLowerCase(Locale.ROOT) + "Millis";
    };
  }
}
