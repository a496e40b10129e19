package dev.dormouse.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for a thread of the store: many put, one takes all at once.
final class Mailbox<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();

  /// Guarded by [#lock].
  private List<T> waiting = new ArrayList<>();

  /// Guarded by [#lock].
  private boolean closed;

  /// Adds an item, unless the mailbox is closed; says whether it did.
  boolean put(T item) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      waiting.add(item);
      if (waiting.size() == 1) {
        filled.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is something and takes all of it, in order of arrival. Empty once the
  /// mailbox is closed and everything was taken.
  List<T> take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        filled.awaitUninterruptibly();
      }
      List<T> taken = waiting;
      waiting = new ArrayList<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// Takes no more; what is inside can still be taken.
  void close() {
    lock.lock();
    try {
      closed = true;
      filled.signal();
    } finally {
      lock.unlock();
    }
  }
}
