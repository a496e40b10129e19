package dev.dormouse.server.nio;

import dev.dormouse.server.limits.Pass;
import dev.dormouse.server.limits.Turnstile;
import dev.dormouse.server.parking.IdleWheel;
import dev.dormouse.server.parking.Parkable;
import dev.dormouse.server.parking.Parked;
import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One of Jetty's selectors, with work of ours between two waits: what the last one brought is
/// acted on, and whoever has been idle for long is parked.
///
/// Jetty hands a selector from thread to thread, but only one at a time selects, processes what it
/// selected and does what it was asked to: that one is "the selector's thread".
public final class ParkingSelector extends ManagedSelector {
  private static final Logger LOG = LoggerFactory.getLogger(ParkingSelector.class);

  private final Runnable afterReading;
  private final Executor executor;
  private final Scheduler scheduler;
  private final Host host;

  /// For the selector's thread.
  final IdleWheel<NioEndPoint> idle;

  /// What a connector lends its selectors.
  ///
  /// @param berths its parked channels
  /// @param turnstile counts its clients
  /// @param park how long a connection is idle before it is parked; zero for never
  /// @param opened is told of an endpoint that Jetty did not make
  /// @param closed is told of one that is gone, without having been closed
  public record Host(
      Berths berths,
      Turnstile turnstile,
      Duration park,
      Consumer<EndPoint> opened,
      Consumer<EndPoint> closed) {}

  /// @param afterReading runs when all that one wait brought has been read
  public ParkingSelector(SelectorManager selectors, int id, Runnable afterReading, Host host) {
    super(selectors, id);
    this.afterReading = afterReading;
    this.executor = selectors.getExecutor();
    this.scheduler = selectors.getScheduler();
    this.host = host;
    this.idle = new IdleWheel<>(host.park());
  }

  @Override
  protected int nioSelect(Selector selector, boolean now) throws IOException {
    guarded(afterReading);
    guarded(() -> idle.turn(this::park));
    int millis = idle.patience();
    return now || millis < 0 ? super.nioSelect(selector, now) : selector.select(millis);
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      // Thrown on, Jetty would take the selector for broken and close its sockets.
      LOG.error("work on a reading thread failed", e);
    }
  }

  Berths berths() {
    return host.berths();
  }

  Turnstile turnstile() {
    return host.turnstile();
  }

  Executor executor() {
    return executor;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /// Parks a connection if it is at rest; on the selector's thread.
  private boolean park(NioEndPoint endPoint) {
    if (!endPoint.resting() || !(endPoint.getConnection() instanceof Parkable parkable)) {
      return false;
    }
    Parked left = parkable.park(endPoint);
    if (left == null) {
      return false;
    }
    endPoint.berth().settle(left);
    host.closed().accept(endPoint);
    return true;
  }

  /// Has a parked channel come back, if it has not; on the selector's thread.
  void wake(Berth berth) {
    Parked left;
    do {
      left = berth.left();
      if (left == null) {
        return;
      }
      left = left.here(berth.number);
    } while (!berth.hand(left, null));
    Pass pass = new Pass(turnstile(), berth.pass);
    NioEndPoint endPoint = new NioEndPoint(berth.channel, this, berth.key(), pass);
    try {
      berth.leave(endPoint);
      Connection connection = left.wake(endPoint);
      endPoint.setConnection(connection);
      endPoint.onOpen();
      host.opened().accept(endPoint);
      connection.onOpen();
      idle.watch(endPoint);
    } catch (RuntimeException | Error e) {
      left.cut(e);
      endPoint.close(e);
      throw e;
    } finally {
      // Nobody can mean it any more.
      host.berths().release(berth);
    }
  }
}
