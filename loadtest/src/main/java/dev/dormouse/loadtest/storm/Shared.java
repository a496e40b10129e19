package dev.dormouse.loadtest.storm;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// One of many that count in the same room: no value is given to two of them, and in the end there
/// are as many as were acknowledged, and those that nobody heard of.
final class Shared implements Client {
  /// What all of a room know together. Safe for any thread.
  static final class Tally {
    private final Set<Long> given = ConcurrentHashMap.newKeySet();
    private final AtomicLong doubted = new AtomicLong();
    private final AtomicLong asking = new AtomicLong();
  }

  private final Wire wire;
  private final Findings findings;
  private final String room;
  private final Tally tally;
  private long acknowledged;

  Shared(Wire wire, Findings findings, String room, Tally tally) {
    this.wire = wire;
    this.findings = findings;
    this.room = room;
    this.tally = tally;
  }

  @Override
  public String name() {
    return "shared counter " + room;
  }

  @Override
  public long acknowledged() {
    return acknowledged;
  }

  @Override
  public void step() throws LostException, InterruptedException {
    tally.asking.incrementAndGet();
    try {
      Wire.Answer answer = wire.benchPost("/tx/" + room);
      long value = Long.parseLong(answer.text().strip());
      acknowledged++;
      findings.check(tally.given.add(value), name(), "value " + value + " was given twice");
    } catch (LostException e) {
      tally.doubted.incrementAndGet();
      throw e;
    } finally {
      tally.asking.decrementAndGet();
    }
  }

  @Override
  public String check() throws LostException, InterruptedException {
    // Others go on counting while this one asks.
    long least = tally.given.size();
    long highest = tally.given.stream().mapToLong(Long::longValue).max().orElse(0);
    long stored = Long.parseLong(wire.benchGet("/get/" + room).text().strip());
    long most = tally.given.size() + tally.doubted.get() + tally.asking.get();
    findings.check(
        stored >= least && stored <= most,
        name(),
        "stored is %d, acknowledged %d, perhaps %d".formatted(stored, least, most));
    findings.check(stored >= highest, name(), "stored is " + stored + ", given was " + highest);
    return "";
  }
}
