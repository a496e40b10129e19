package dev.dormouse.server.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.server.limits.Entry;
import dev.dormouse.server.limits.Limits;
import dev.dormouse.server.limits.Pass;
import dev.dormouse.server.limits.Turnstile;
import dev.dormouse.server.parking.Incoming;
import dev.dormouse.server.parking.Parked;
import dev.dormouse.server.parking.ParkingEndPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Parked channels by number, and the passes that stay with them; no channel is connected.
class BerthsTest {
  private final Turnstile turnstile = new Turnstile(Limits.none(), new SystemExecution());
  private final Berths berths = new Berths();
  private final List<Throwable> cuts = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // opened before each test
  private Selector keys;

  @BeforeEach
  void open() throws IOException {
    keys = Selector.open();
  }

  @AfterEach
  void close() throws IOException {
    for (SelectionKey key : keys.keys()) {
      key.channel().close();
    }
    keys.close();
  }

  private ParkingSelector selector() {
    SelectorManager selectors =
        new SelectorManager(Runnable::run, new ScheduledExecutorScheduler()) {
          @Override
          protected EndPoint newEndPoint(
              SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            throw new AssertionError("nobody connects");
          }

          @Override
          public Connection newConnection(
              SelectableChannel channel, EndPoint endPoint, Object attachment) {
            throw new AssertionError("nobody connects");
          }
        };
    return new ParkingSelector(
        selectors,
        0,
        () -> {},
        new ParkingSelector.Host(berths, turnstile, Duration.ZERO, _ -> {}, _ -> {}));
  }

  /// Counts a client in and leaves its channel to a berth.
  private Berth park() throws IOException {
    int pass =
        switch (turnstile.enter(InetAddress.ofLiteral("10.0.0.1"))) {
          case Entry.LetIn(int number) -> number;
          case Entry.Refused refused -> throw new AssertionError(refused.toString());
        };
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    Berth berth = berths.claim(selector(), channel, channel.register(keys, 0), pass);
    berth.settle(new Left());
    return berth;
  }

  private final class Left implements Parked {
    @Override
    public After attend(Incoming incoming) {
      return After.AWAKE;
    }

    @Override
    public Connection wake(ParkingEndPoint endPoint) {
      throw new AssertionError("nobody wakes");
    }

    @Override
    public void cut(Throwable cause) {
      cuts.add(cause);
    }
  }

  @Test
  void those_that_are_parked_at_the_end_are_closed_and_counted_out_once() throws IOException {
    Berth first = park();
    Berth second = park();
    assertThat(turnstile.clients()).isEqualTo(2);

    IOException end = new IOException("the end");
    berths.cut(turnstile, end);
    berths.cut(turnstile, end);

    assertThat(cuts).containsExactly(end, end);
    assertThat(List.of(first.channel.isOpen(), second.channel.isOpen())).containsOnly(false);
    assertThat(turnstile.clients()).isZero();
    assertThat(turnstile.handshakes()).isZero();
    assertThat(turnstile.addresses()).isZero();
    assertThat(berths.count()).isZero();
  }

  @Test
  void who_has_left_a_berth_is_not_counted_out_with_it() throws IOException {
    Berth left = park();
    berths.release(left);

    berths.cut(turnstile, new IOException("the end"));

    assertThat(turnstile.clients()).isEqualTo(1);
    new Pass(turnstile, left.pass).leave();
    assertThat(turnstile.clients()).isZero();
  }

  @Test
  void a_number_that_is_free_is_given_out_again() throws IOException {
    Berth first = park();
    Berth second = park();
    berths.release(first);

    assertThat(berths.parkedAt(first.number)).isNull();
    assertThat(park().number).isEqualTo(first.number).isNotEqualTo(second.number);
  }
}
