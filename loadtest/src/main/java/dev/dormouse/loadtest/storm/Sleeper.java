package dev.dormouse.loadtest.storm;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Has many connections that say nothing for long, so that their rooms sleep and their sockets are
/// parked, and wakes one after the other: each count that is answered follows the one before.
final class Sleeper implements Client {
  private static final long SILENCE_NANOS = 15_000_000_000L;

  private final Wire wire;
  private final Findings findings;
  private final Deque<Bed> beds = new ArrayDeque<>();
  private long woken;

  Sleeper(Wire wire, Findings findings, int connections) {
    this.wire = wire;
    this.findings = findings;
    for (int i = 0; i < connections; i++) {
      beds.add(new Bed("sleep-" + i));
    }
  }

  /// A room and its connection.
  private static final class Bed {
    private final String room;
    private @Nullable Line line;
    private long spoke;
    private long count;
    private long doubts;

    Bed(String room) {
      this.room = room;
    }
  }

  @Override
  public String name() {
    return "sleeping connections";
  }

  @Override
  public long acknowledged() {
    return woken;
  }

  @Override
  public void step() throws LostException, InterruptedException {
    Bed bed = beds.element();
    Line line = bed.line;
    if (line == null || !line.isOpen()) {
      bed.line = null;
      beds.addLast(beds.remove());
      bed.line = Line.open(wire, wire.benchSocket("/ws/" + bed.room));
      bed.spoke = System.nanoTime();
      return;
    }
    if (System.nanoTime() - bed.spoke < SILENCE_NANOS) {
      beds.addLast(beds.remove());
      return;
    }
    beds.addLast(beds.remove());
    wake(bed, line);
  }

  private void wake(Bed bed, Line line) throws LostException, InterruptedException {
    Fault fault = wire.weather().now();
    long began = System.nanoTime();
    bed.doubts++;
    String answer;
    try {
      line.say("t");
      answer = line.hearText();
    } catch (LostException e) {
      // An answer that comes later would be taken for the next one's.
      line.close();
      throw e;
    }
    wire.weather().answered(fault, System.nanoTime() - began);
    long count = Long.parseLong(answer.substring(1));
    findings.check(
        count > bed.count && count <= bed.count + bed.doubts,
        name(),
        "%s: after %d, with %d unanswered, came %d"
            .formatted(bed.room, bed.count, bed.doubts - 1, count));
    bed.count = count;
    bed.doubts = 0;
    bed.spoke = System.nanoTime();
    woken++;
  }

  @Override
  public String check() throws LostException, InterruptedException {
    for (Bed bed : beds) {
      if (bed.doubts > 0) {
        long stored = Long.parseLong(wire.benchGet("/get/" + bed.room).text().strip());
        findings.check(
            stored >= bed.count && stored <= bed.count + bed.doubts,
            name(),
            "%s: acknowledged %d, stored %d".formatted(bed.room, bed.count, stored));
      }
    }
    return "";
  }
}
