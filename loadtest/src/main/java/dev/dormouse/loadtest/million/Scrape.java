package dev.dormouse.loadtest.million;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a server tells of itself at `/metrics`, in the text format of Prometheus.
public record Scrape(List<Sample> samples) {
  private static final Pattern LINE =
      Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*\\})? (\\S+)( [0-9]+)?$");

  public Scrape {
    samples = List.copyOf(samples);
  }

  /// @param labels as they stand there, with their braces; empty for none
  public record Sample(String name, String labels, double value) {}

  public static Scrape parse(String text) {
    List<Sample> samples = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher sample = LINE.matcher(line);
      if (sample.matches()) {
        String labels = sample.group(2) == null ? "" : sample.group(2);
        samples.add(new Sample(sample.group(1), labels, number(sample.group(3))));
      }
    }
    return new Scrape(samples);
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /// All samples of `name` with `label`, such as `state="open"`, added up; empty if there is none.
  ///
  /// @param label empty for those with any labels, or none
  public OptionalDouble sum(String name, String label) {
    double[] values =
        samples.stream()
            .filter(one -> one.name().equals(name) && one.labels().contains(label))
            .mapToDouble(Sample::value)
            .toArray();
    return values.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Arrays.stream(values).sum());
  }

  /// Connections that are open, by whichever name this server counts them.
  OptionalDouble open() {
    return first(
        sum("dormouse_connections", "state="),
        sum("dormouse_connections", ""),
        sum("dormouse_connections_open", ""),
        sum("dormouse_sockets_open", ""));
  }

  /// Sockets that have left the WebSocket stack; empty if this server does not know parking.
  OptionalDouble parked() {
    return first(
        sum("dormouse_connections", "state=\"parked\""),
        sum("dormouse_sockets", "state=\"parked\""));
  }

  /// Connections of quiet rooms of which a few numbers are kept; empty as above.
  OptionalDouble packed() {
    return sum("dormouse_connections_packed", "");
  }

  public OptionalDouble roomsAwake() {
    return sum("dormouse_rooms_awake", "");
  }

  /// Rooms that were woken since the server started; empty if it does not count them.
  OptionalDouble woken() {
    return sum("dormouse_rooms_started_total", "cause=\"woken\"");
  }

  /// Bytes of the heap, garbage included.
  OptionalDouble heap() {
    return sum("jvm_memory_used_bytes", "area=\"heap\"");
  }

  private static OptionalDouble first(OptionalDouble... ones) {
    for (OptionalDouble one : ones) {
      if (one.isPresent()) {
        return one;
      }
    }
    return OptionalDouble.empty();
  }
}
