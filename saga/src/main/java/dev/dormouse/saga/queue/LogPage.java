package dev.dormouse.saga.queue;

import java.util.List;

/// Consecutive entries of a log.
///
/// @param from the position at which the page begins; larger than asked for if older entries have
///   been deleted
/// @param entries in order of position
/// @param next where to read on; `from` if nothing is there
/// @param damaged positions in between whose entries were durable once and do not pass their check.
///   They are lost; who reads has to say so
public record LogPage(long from, List<LogEntry> entries, long next, List<Long> damaged) {
  public LogPage {
    entries = List.copyOf(entries);
    damaged = List.copyOf(damaged);
  }
}
