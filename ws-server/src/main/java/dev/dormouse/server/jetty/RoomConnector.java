package dev.dormouse.server.jetty;

import dev.dormouse.server.limits.Entry;
import dev.dormouse.server.limits.Pass;
import dev.dormouse.server.limits.Reason;
import dev.dormouse.server.limits.Turnstile;
import dev.dormouse.server.nio.Berths;
import dev.dormouse.server.nio.Entrance;
import dev.dormouse.server.nio.NioEndPoint;
import dev.dormouse.server.nio.ParkingSelector;
import dev.dormouse.server.parking.Parked;
import dev.dormouse.server.parking.ParkingConnector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/// Accepts and reads sockets by the JDK's channels, and parks idle ones. What one wake-up of a
/// selector brought is read as a whole before the rooms run that it was for, so that each
/// connection they write to is flushed once.
final class RoomConnector extends ServerConnector implements ParkingConnector {
  /// How long the accepting thread, which Jetty lets run on, leaves a closed port alone.
  private static final long CLOSED_MILLIS = 50;

  private final Reading rooms;
  private final Turnstile turnstile;
  private final Duration park;
  private final Berths berths = new Berths();
  private final Entrance entrance;

  /// @param turnstile asked for each client
  /// @param selectors how many threads read
  /// @param park how long a connection is idle before it is parked; zero for never
  RoomConnector(
      Server server,
      Reading rooms,
      Turnstile turnstile,
      int selectors,
      Duration park,
      ConnectionFactory... http) {
    super(
        server, new ReadingExecutor(server.getThreadPool(), rooms), null, null, 1, selectors, http);
    this.rooms = rooms;
    this.turnstile = turnstile;
    this.park = park;
    this.entrance = new Entrance(turnstile.sentAway(Reason.DESCRIPTORS));
  }

  @Override
  protected SelectorManager newSelectorManager(
      Executor executor, Scheduler scheduler, int selectors) {
    return new ServerConnectorManager(executor, scheduler, selectors) {
      @Override
      protected ManagedSelector newSelector(int id) {
        return new ParkingSelector(this, id, rooms::runReady, host());
      }

      @Override
      protected void onAcceptFailed(
          SelectableChannel channel, Throwable failure, @Nullable Object attachment) {
        if (attachment instanceof Pass pass) {
          pass.leave();
        }
        super.onAcceptFailed(channel, failure, attachment);
      }
    };
  }

  private ParkingSelector.Host host() {
    return new ParkingSelector.Host(
        berths, turnstile, park, this::onEndPointOpened, this::onEndPointClosed);
  }

  @Override
  public void accept(int acceptor) throws IOException {
    try {
      if (!(getTransport() instanceof ServerSocketChannel port) || !port.isOpen()) {
        Thread.sleep(CLOSED_MILLIS);
        return;
      }
      SocketChannel client = entrance.accept(port);
      if (client != null) {
        accepted(client);
      }
    } catch (ClosedChannelException e) {
      if (isOpen()) {
        throw e;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes a client in or sends it away.
  private void accepted(SocketChannel client) {
    try {
      client.configureBlocking(false);
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (client.getRemoteAddress() instanceof InetSocketAddress peer) {
        switch (turnstile.enter(peer.getAddress())) {
          case Entry.LetIn(int number) -> takeIn(client, new Pass(turnstile, number));
          case Entry.Refused(Reason why) -> turnstile.sendAway(new Unwanted(client), why);
        }
      } else {
        IO.close(client);
      }
    } catch (IOException e) {
      LOG.debug("a client went away at once", e);
      IO.close(client);
    } catch (RuntimeException | Error e) {
      IO.close(client);
      throw e;
    }
  }

  private void takeIn(SocketChannel client, Pass pass) {
    try {
      getSelectorManager().accept(client, pass);
    } catch (RuntimeException | Error e) {
      pass.leave();
      throw e;
    }
  }

  @Override
  protected NioEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    if (!(key.attachment() instanceof Pass pass)) {
      throw new IllegalStateException("a client without a pass: " + key.attachment());
    }
    NioEndPoint endPoint = new NioEndPoint(channel, (ParkingSelector) selector, key, pass);
    endPoint.setIdleTimeout(getIdleTimeout());
    turnstile.await(endPoint);
    return endPoint;
  }

  @Override
  protected void doStop() throws Exception {
    super.doStop();
    berths.cut(turnstile, new EofException("the server ends"));
    entrance.close();
  }

  // Parking.

  @Override
  public boolean parks() {
    return !park.isZero();
  }

  @Override
  public int send(int berth, byte[] bytes) {
    return berths.send(berth, bytes);
  }

  @Override
  public void wake(int berth, Parked left) {
    berths.wake(berth);
  }

  @Override
  public boolean hand(int berth, Parked from, Parked to) {
    return berths.hand(berth, from, to);
  }

  @Override
  public @Nullable Parked parkedAt(int berth) {
    return berths.parkedAt(berth);
  }

  @Override
  public @Nullable SocketAddress peer(int berth) {
    return berths.peer(berth, turnstile);
  }

  @Override
  public int parked() {
    return berths.count();
  }

  @Override
  public long wakes() {
    return berths.wakes();
  }
}
