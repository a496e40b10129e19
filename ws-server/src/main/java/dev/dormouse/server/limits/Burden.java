package dev.dormouse.server.limits;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What waits in memory for all clients together: messages that are not whole or not handled,
/// bodies of requests, answers and whatever else is not sent yet. While it is *heavy* the server
/// takes less from everybody. If it grows by half of that once more it is *full*: nothing that is
/// not whole may grow, and [Patience] makes room.
///
/// For any thread. It is weighed at each tick, and whenever much has been added.
public final class Burden {
  /// After how much it is weighed at once, in bytes.
  private static final int MUCH = 64 * 1024;

  /// Up to how many bytes a message, a body or an answer is taken even then: who says little is not
  /// to suffer for others.
  public static final int SMALL = 64 * 1024;

  private final long most;
  private final LongSupplier others;

  /// What has come of messages and bodies that are not whole, and answers to requests, in bytes.
  private final LongAdder own = new LongAdder();

  private final Set<Unfinished> unfinished = ConcurrentHashMap.newKeySet();

  /// Large bytes on their way out, and to how many they go.
  private final Map<Same, Integer> outgoing = new ConcurrentHashMap<>();

  /// By how much they are counted too often, as each of those many counts them.
  private final LongAdder surplus = new LongAdder();

  /// What was added since the last weighing; it does not matter if a little gets lost.
  private final AtomicInteger unweighed = new AtomicInteger();

  /// It does not matter who is last to write.
  private volatile boolean heavy;

  private volatile boolean full;

  /// @param most when it begins to be heavy, in bytes; it ends at three quarters
  /// @param others what else waits, in bytes
  public Burden(long most, LongSupplier others) {
    this.most = most;
    this.others = others;
  }

  /// For who counts nobody's memory.
  public static Burden none() {
    return new Burden(Long.MAX_VALUE, () -> 0);
  }

  /// An array by what it is, not by what is in it.
  private record Same(byte[] bytes) {
    @Override
    @SuppressWarnings("ReferenceEquality") // that is what it is for
    public boolean equals(@Nullable Object other) {
      return other instanceof Same that && that.bytes == bytes;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(bytes);
    }
  }

  /// Something that is not whole grows, or is done with.
  public void add(int bytes) {
    own.add(bytes);
    if (bytes > 0 && unweighed.addAndGet(bytes) >= MUCH) {
      unweighed.set(0);
      weigh();
    }
  }

  /// Somebody is to be sent `bytes`, which are counted for him by who calls. Those that are on
  /// their way to others already take no more memory for him.
  ///
  /// @return false if they are large and there is no room; otherwise [#sent] follows
  public boolean sends(byte[] bytes) {
    if (bytes.length <= SMALL) {
      return true;
    }
    // Before they are counted: one alone may be larger than the limit.
    weigh();
    boolean room = !heavy;
    return outgoing.compute(
            new Same(bytes),
            (_, count) -> {
              if (count == null) {
                return room ? 1 : null;
              }
              surplus.add(bytes.length);
              return count + 1;
            })
        != null;
  }

  /// They have been sent, or never will be.
  public void sent(byte[] bytes) {
    if (bytes.length > SMALL) {
      outgoing.computeIfPresent(
          new Same(bytes),
          (_, count) -> {
            if (count == 1) {
              return null;
            }
            surplus.add(-bytes.length);
            return count - 1;
          });
    }
  }

  /// From now on it has to get on, until [#done].
  public void begin(Unfinished one) {
    one.known = false;
    one.given = false;
    unfinished.add(one);
  }

  public void done(Unfinished one) {
    unfinished.remove(one);
  }

  Iterable<Unfinished> unfinished() {
    return unfinished;
  }

  public void weigh() {
    long weight = weight();
    heavy = weight > (heavy ? most / 4 * 3 : most);
    full = weight - most > most / 2;
  }

  public long weight() {
    return own.sum() + others.getAsLong() - surplus.sum();
  }

  public long most() {
    return most;
  }

  public boolean heavy() {
    return heavy;
  }

  /// Whether nothing may grow.
  public boolean full() {
    return full;
  }
}
