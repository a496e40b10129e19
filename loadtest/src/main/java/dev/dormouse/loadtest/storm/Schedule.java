package dev.dormouse.loadtest.storm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Faults without end, drawn from a seed: each of them once in an order of chance, then all again
/// in another.
final class Schedule implements Iterator<Strike> {
  /// The furthest a clock jumps, in seconds.
  static final int FURTHEST = 4 * 3_600;

  private static final int NEAREST = 600;
  private static final int LONGEST_STOP = 20;

  private final Random random;
  private final List<Fault> faults;
  private final int longest;
  private final List<Fault> round = new ArrayList<>();
  private int drawn;

  /// @param faults that this machine can do
  /// @param longest for how many seconds a fault lasts at most, but a stop, which may take 20
  Schedule(long seed, Set<Fault> faults, int longest) {
    this.random = new Random(seed);
    this.faults = faults.stream().filter(fault -> fault != Fault.CALM).sorted().toList();
    this.longest = longest;
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public Strike next() {
    if (round.isEmpty()) {
      round.addAll(faults);
      Collections.shuffle(round, random);
    }
    Fault fault = round.removeFirst();
    drawn++;
    int most = fault == Fault.STOP ? Math.min(LONGEST_STOP, longest * 2) : longest;
    int seconds = 1 + random.nextInt(most);
    long size =
        switch (fault) {
          case CLOCK, KILL_CLOCK -> {
            int far = NEAREST + random.nextInt(FURTHEST - NEAREST);
            yield random.nextBoolean() ? far : -far;
          }
          case SLOW, KILL_SLOW -> 5 + random.nextInt(196);
          case CALM, KILL, STOP, FULL, KILL_STOPPED, KILL_FULL, BACKUP -> 0;
        };
    return new Strike(drawn, fault, seconds, size);
  }
}
