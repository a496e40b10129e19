package dev.dormouse.loadtest;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// A command line, read word by word from the front.
public final class Arguments {
  private final Deque<String> left;

  /// A command line that cannot be understood.
  public static final class Misunderstood extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public Misunderstood(String message) {
      super(message);
    }
  }

  public Arguments(List<String> arguments) {
    left = new ArrayDeque<>(arguments);
  }

  public boolean isEmpty() {
    return left.isEmpty();
  }

  /// The next word, which is there.
  public String next() {
    return left.pop();
  }

  /// @throws Misunderstood if there is nothing behind `option`
  public String value(String option) {
    if (left.isEmpty()) {
      throw new Misunderstood(option + " needs a value");
    }
    return left.pop();
  }

  /// Several values, separated by commas.
  public List<String> values(String option) {
    return Arrays.stream(value(option).split(",", -1)).map(String::strip).toList();
  }

  /// A time, given in seconds.
  public Duration seconds(String option, int atMost) {
    double seconds = number(option, 0, atMost, "seconds up to " + atMost);
    return Duration.ofMillis(Math.round(seconds * 1_000));
  }

  public int count(String option) {
    return count(option, 1, Integer.MAX_VALUE);
  }

  public int count(String option, int atLeast, int atMost) {
    String value = value(option);
    try {
      int count = Integer.parseInt(value);
      if (count >= atLeast && count <= atMost) {
        return count;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    String to = atMost == Integer.MAX_VALUE ? "" : " to " + atMost;
    throw new Misunderstood(
        "%s takes a number from %d%s, not '%s'".formatted(option, atLeast, to, value));
  }

  public double decimal(String option, double atLeast, double atMost) {
    return number(option, atLeast, atMost, "a number from %s to %s".formatted(atLeast, atMost));
  }

  private double number(String option, double atLeast, double atMost, String what) {
    String value = value(option);
    try {
      double number = Double.parseDouble(value);
      if (number >= atLeast && number <= atMost) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new Misunderstood("%s takes %s, not '%s'".formatted(option, what, value));
  }

  /// The address of a server.
  public URI address(String option) {
    String value = value(option);
    try {
      URI address = URI.create(value);
      if ("http".equals(address.getScheme())
          && address.getHost() != null
          && address.getPort() > 0) {
        return address;
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw new Misunderstood(option + " takes http://<host>:<port>, not '" + value + "'");
  }
}
