package dev.dormouse.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/// Collects what differs from the defaults of a [Queue]; what cannot be is refused at once.
public final class QueueBuilder {
  /// No message is larger, whatever is declared.
  static final int MAX_MESSAGE_BYTES = 1024 * 1024;

  private static final int KIB = 1024;

  private final String name;
  private final List<Queue.Group> groups = new ArrayList<>();
  private int messageBytes = 256 * KIB;
  private Duration keep = Duration.ZERO;
  private OptionalLong keepBytes = OptionalLong.empty();
  private boolean http;

  QueueBuilder(String name) {
    if (!Queue.NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a queue's name is made of a-z, 0-9, '-' and '.', begins with a letter and has at most 64"
              + " characters: '"
              + name
              + "'");
    }
    this.name = name;
  }

  /// Declares a consumer group.
  ///
  /// @param group letters from `a` to `z`, digits, `-` and `.`, beginning with a letter
  public QueueBuilder group(String group, UnaryOperator<GroupBuilder> settings) {
    if (groups.stream().anyMatch(each -> each.name().equals(group))) {
      throw new IllegalArgumentException(
          "queue '%s' has two groups named '%s'".formatted(name, group));
    }
    groups.add(settings.apply(new GroupBuilder(name, group)).build());
    return this;
  }

  /// Declares a consumer group that is pulled, with all defaults.
  public QueueBuilder group(String group) {
    return group(group, same -> same);
  }

  /// The largest payload: 256 KiB if not said, 1 MiB at most.
  public QueueBuilder messageBytes(int bytes) {
    if (bytes < 1 || bytes > MAX_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "a message of queue '%s' has 1 to %d bytes, not %d"
              .formatted(name, MAX_MESSAGE_BYTES, bytes));
    }
    messageBytes = bytes;
    return this;
  }

  /// Keeps messages for so long at least, though all groups are done with them: for groups that are
  /// declared later, and to be looked at. Not at all if not said; a queue without groups keeps them
  /// for good, unless this says for how long.
  public QueueBuilder keep(Duration atLeast) {
    if (atLeast.isNegative()) {
      throw new IllegalArgumentException(
          "queue '%s' cannot keep messages for %s".formatted(name, atLeast));
    }
    keep = atLeast;
    return this;
  }

  /// Makes dead letters of the oldest messages that nobody has settled when the log has grown
  /// beyond so many bytes. Files are the unit: a log may hold 256 MiB more than it is asked to.
  public QueueBuilder keepBytes(long atMost) {
    if (atMost < 1) {
      throw new IllegalArgumentException(
          "queue '%s' cannot be limited to %d bytes".formatted(name, atMost));
    }
    keepBytes = OptionalLong.of(atMost);
    return this;
  }

  /// Lets everybody who can reach the server publish and pull over HTTP.
  public QueueBuilder http() {
    http = true;
    return this;
  }

  public Queue build() {
    return new Queue(name, groups, messageBytes, keep, keepBytes, http);
  }
}
