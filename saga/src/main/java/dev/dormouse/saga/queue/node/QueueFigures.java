package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.GroupStatus;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/// The queues of a node in numbers, for metrics. No room is woken for them: groups are as their
/// last durable turn in this process left them, and missing before the first.
public record QueueFigures(List<Log> logs, List<Depth> groups) {

  /// @param bytes what the log takes on disk
  public record Log(String queue, long bytes) {}

  /// @param backlog messages that are not settled: unread, ready, delayed and leased
  /// @param dead given up, and can be driven again
  /// @param oldestMillis how long the oldest has been waiting that could be handed out or is worked
  ///   on; 0 if there is none
  public record Depth(
      String queue, String group, long backlog, long leased, long dead, long oldestMillis) {}

  /// Blocks while logs are read.
  static QueueFigures of(Iterable<OpenQueue> queues, long now)
      throws LogException, ExecutionException, InterruptedException {
    List<Log> logs = new ArrayList<>();
    List<Depth> groups = new ArrayList<>();
    for (OpenQueue queue : queues) {
      Optional<QueueLog> log = queue.logIfAny();
      long bytes = 0;
      if (log.isPresent()) {
        for (QueueLog.LogFile file : log.get().files().get()) {
          bytes += file.bytes();
        }
        for (OpenGroup group : queue.groups().values()) {
          group.status().ifPresent(status -> groups.add(depth(group, log.get(), status, now)));
        }
      }
      logs.add(new Log(queue.name(), bytes));
    }
    return new QueueFigures(List.copyOf(logs), List.copyOf(groups));
  }

  private static Depth depth(OpenGroup group, QueueLog log, GroupStatus status, long now) {
    long unread = Math.max(0, log.end() - status.position());
    return new Depth(
        group.settings().queue(),
        group.settings().group(),
        unread + status.ready() + status.delayed() + status.leased(),
        status.leased(),
        status.dead(),
        oldest(log, status.lowWater(), log.end(), now).orElse(0L));
  }

  /// How many milliseconds the first message from `lowWater` on could have been handed out for;
  /// empty if there is none, or its time has not come.
  static Optional<Long> oldest(QueueLog log, long lowWater, long end, long now) {
    if (lowWater >= end) {
      return Optional.empty();
    }
    return Ledger.read(log, lowWater, 1).entries().stream()
        .map(entry -> now - Math.max(entry.appendedAt(), entry.message().notBefore()))
        .filter(age -> age >= 0)
        .findFirst();
  }
}
