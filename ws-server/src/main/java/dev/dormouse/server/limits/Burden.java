package dev.dormouse.server.limits;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// What waits in memory for all clients together: messages that are not whole or not handled,
/// bodies of requests, what is not sent yet. While it is *heavy* the server takes less from
/// everybody.
///
/// For any thread. It is weighed at each tick, and whenever much is added at once.
public final class Burden {
  /// What is so much that it is weighed at once, in bytes.
  private static final int MUCH = 64 * 1024;

  /// Up to how many bytes a message or a body is taken in even then: who says little is not to
  /// suffer for others.
  public static final int SMALL = 64 * 1024;

  private final long most;
  private final LongSupplier others;

  /// What has come of messages and bodies that are not whole, in bytes.
  private final LongAdder unfinished = new LongAdder();

  /// It does not matter who is last to write.
  private volatile boolean heavy;

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

  /// Something that is not whole grows, or is done with.
  public void add(int bytes) {
    unfinished.add(bytes);
    if (bytes >= MUCH) {
      weigh();
    }
  }

  public void weigh() {
    long weight = weight();
    heavy = weight > (heavy ? most / 4 * 3 : most);
  }

  public long weight() {
    return unfinished.sum() + others.getAsLong();
  }

  public long most() {
    return most;
  }

  public boolean heavy() {
    return heavy;
  }
}
