package dev.dormouse.server.nio;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts clients, and goes on doing so when the process has hardly a descriptor left.
///
/// Then the next client waits for a moment, in which others may go. If that does not help, it and
/// all that come in another such moment are sent away. Where not even one descriptor is left, as
/// something else may have them, a spare one is given up for that and taken again.
///
/// For the one thread that accepts, but for [#close].
public final class Entrance {
  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

  private static final long MOMENT_MILLIS = 200;
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final Descriptors descriptors = new Descriptors();
  private final LongAdder refused;

  /// Holds a descriptor; null while there is none to hold.
  private volatile @Nullable SocketChannel spare = another();

  /// Until when nobody is let in.
  private long shut = System.nanoTime();

  private long warned = System.nanoTime() - MINUTE;

  /// @param refused counts the clients that were sent away for want of descriptors
  public Entrance(LongAdder refused) {
    this.refused = refused;
  }

  /// Waits for the next client.
  ///
  /// @return null if none could be let in; ask again
  /// @throws ClosedChannelException when the port is closed
  public @Nullable SocketChannel accept(ServerSocketChannel port)
      throws IOException, InterruptedException {
    if (spare == null) {
      spare = another();
    }
    SocketChannel client = next(port);
    if (client == null) {
      warn();
      Thread.sleep(MOMENT_MILLIS);
      return null;
    }
    if (System.nanoTime() - shut >= 0) {
      if (descriptors.spare()) {
        return client;
      }
      if (waited(client) && descriptors.spare()) {
        return client;
      }
      shut = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOMENT_MILLIS);
    }
    Berths.close(client);
    refused.increment();
    warn();
    return null;
  }

  private static boolean waited(SocketChannel client) throws InterruptedException {
    try {
      Thread.sleep(MOMENT_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Berths.close(client);
      throw e;
    }
  }

  private @Nullable SocketChannel next(ServerSocketChannel port) throws ClosedChannelException {
    try {
      return port.accept();
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException _) {
      return withSpare(port);
    }
  }

  /// Accepts once more with the spare descriptor: it is most likely one that was missing.
  private @Nullable SocketChannel withSpare(ServerSocketChannel port)
      throws ClosedChannelException {
    close();
    descriptors.countAgain();
    try {
      return port.accept();
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("nobody can be accepted", e);
      return null;
    } finally {
      spare = another();
    }
  }

  private static @Nullable SocketChannel another() {
    try {
      return SocketChannel.open();
    } catch (IOException _) {
      return null;
    }
  }

  private void warn() {
    if (System.nanoTime() - warned >= MINUTE) {
      warned = System.nanoTime();
      LOG.warn(
          "Too many open files: new clients are sent away, {} so far; 'ulimit -n' says how many may"
              + " be open",
          refused.sum());
    }
  }

  /// Gives the spare descriptor up.
  public void close() {
    SocketChannel last = spare;
    spare = null;
    if (last != null) {
      Berths.close(last);
    }
  }
}
