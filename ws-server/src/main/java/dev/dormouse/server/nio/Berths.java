package dev.dormouse.server.nio;

import dev.dormouse.server.limits.Pass;
import dev.dormouse.server.limits.Turnstile;
import dev.dormouse.server.parking.Parked;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// All parked channels of a connector, by number. A number costs a slot here, and is given out
/// again as soon as its channel has come back.
///
/// A number that somebody may use was put in before he heard of it, and stays until he has been
/// told ([dev.dormouse.server.parking.Parked#wake]); so it is looked up without a lock.
public final class Berths {
  private static final int FEW = 64;

  /// Replaced when it grows; written under this object's lock.
  private volatile @Nullable Berth[] berths = new Berth[FEW];

  /// Numbers that were used and are free; the first `freed` count. Guarded by this, as is the rest.
  private int[] free = new int[FEW];

  private int freed;

  /// How many numbers have ever been used.
  private int used;

  private final LongAdder wakes = new LongAdder();

  /// How many channels are parked now.
  public synchronized int count() {
    return used - freed;
  }

  /// How many have come back, in all.
  public long wakes() {
    return wakes.sum();
  }

  /// @param pass where the channel's client stays counted
  synchronized Berth claim(
      ParkingSelector selector, SocketChannel channel, SelectionKey key, int pass) {
    int number = freed > 0 ? free[--freed] : used++;
    @Nullable Berth[] all = berths;
    if (number == all.length) {
      all = Arrays.copyOf(all, 2 * number);
      berths = all;
    }
    Berth berth = new Berth(number, selector, channel, key, pass);
    all[number] = berth;
    return berth;
  }

  synchronized void release(Berth berth) {
    berths[berth.number] = null;
    if (freed == free.length) {
      free = Arrays.copyOf(free, 2 * freed);
    }
    free[freed++] = berth.number;
    wakes.increment();
  }

  /// Sends bytes on a parked channel.
  ///
  /// @return how many were taken; -1 if it is broken
  public int send(int number, byte[] bytes) {
    return send(at(number).channel, bytes, 0);
  }

  static int send(SocketChannel channel, byte[] bytes, int from) {
    try {
      return channel.write(ByteBuffer.wrap(bytes, from, bytes.length - from));
    } catch (IOException _) {
      return -1;
    }
  }

  /// See [dev.dormouse.server.parking.ParkingConnector#hand].
  public boolean hand(int number, Parked from, Parked to) {
    return at(number).hand(from, to);
  }

  /// Who is parked there; null if nobody is.
  public @Nullable Parked parkedAt(int number) {
    Berth berth = berths[number];
    return berth == null ? null : berth.left();
  }

  /// See [dev.dormouse.server.parking.ParkingConnector#peer].
  public @Nullable SocketAddress peer(int number, Turnstile turnstile) {
    Berth berth = number < berths.length ? berths[number] : null;
    try {
      return berth == null
          ? null
          : new Pass(turnstile, berth.pass).origin(berth.channel.getRemoteAddress());
    } catch (IOException _) {
      // It is closed.
      return null;
    }
  }

  /// Has a parked channel come back on its selector's thread; for any thread.
  public void wake(int number) {
    Berth berth = at(number);
    berth.selector.submit(_ -> berth.selector.wake(berth));
  }

  /// Closes all that are parked, after the selectors' threads have ended, and counts their clients
  /// out.
  public void cut(Turnstile turnstile, Throwable cause) {
    List<Berth> last = new ArrayList<>();
    synchronized (this) {
      for (Berth berth : berths) {
        if (berth != null) {
          last.add(berth);
        }
      }
    }
    for (Berth berth : last) {
      Parked left = berth.left();
      if (left != null) {
        left.here(berth.number).cut(cause);
      }
      release(berth);
      close(berth.channel);
      new Pass(turnstile, berth.pass).leave();
    }
  }

  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // It is gone, which was the aim.
    }
  }

  private Berth at(int number) {
    Berth berth = berths[number];
    if (berth == null) {
      throw new IllegalStateException("nobody is parked at " + number);
    }
    return berth;
  }
}
