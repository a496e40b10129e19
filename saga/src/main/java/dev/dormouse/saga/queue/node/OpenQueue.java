package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.Queue;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueLog;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A queue in this process: its declaration, its log, its groups. Thread-safe.
final class OpenQueue {
  private final Queue declaration;
  private final boolean declared;
  private final Logs logs;

  /// Filled before the queue is shared.
  private final SequencedMap<String, OpenGroup> groups = new LinkedHashMap<>();

  private @Nullable QueueLog log; // guarded by this
  private boolean closed; // guarded by this

  /// Why the last append failed; null if it did not.
  private volatile @Nullable String trouble;

  /// @param declared whether somebody declared it; else it only takes dead letters
  OpenQueue(Queue declaration, boolean declared, Logs logs) {
    this.declaration = declaration;
    this.declared = declared;
    this.logs = logs;
  }

  String name() {
    return declaration.name();
  }

  Queue declaration() {
    return declaration;
  }

  boolean isDeclared() {
    return declared;
  }

  int messageBytes() {
    return declaration.messageBytes();
  }

  Map<String, OpenGroup> groups() {
    return groups;
  }

  void add(OpenGroup group) {
    groups.put(group.declaration().name(), group);
  }

  /// The log, opened if it is not yet. Blocks then.
  synchronized QueueLog log() throws LogException {
    if (closed) {
      throw new LogException(
          LogException.Reason.CLOSED, "the log of queue '" + name() + "' is closed", null);
    }
    QueueLog present = log;
    if (present == null) {
      present = logs.open(name());
      log = present;
    }
    return present;
  }

  /// The log if there is one: a queue that only takes dead letters has none before the first.
  Optional<QueueLog> logIfAny() throws LogException {
    synchronized (this) {
      if (log == null && !declared && !logs.exists(name())) {
        return Optional.empty();
      }
    }
    return Optional.of(log());
  }

  /// Something was appended.
  void appended() {
    trouble = null;
    for (OpenGroup group : groups.values()) {
      group.changed();
      group.poke();
    }
  }

  void failed(String why) {
    trouble = why;
  }

  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  void close() {
    QueueLog present;
    synchronized (this) {
      closed = true;
      present = log;
      log = null;
    }
    if (present != null) {
      present.close();
    }
  }
}
