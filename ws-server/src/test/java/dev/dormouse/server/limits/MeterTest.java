package dev.dormouse.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.limits.Metering.Rates;
import dev.dormouse.testkit.SeededExecution;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// How much connections, addresses and users may say.
class MeterTest {
  private static final Rate TEN = new Rate(10, Rate.ANY);
  private static final InetSocketAddress ADA = address("10.0.0.1");
  private static final InetSocketAddress BOB = address("10.0.0.2");
  private static final InetSocketAddress PROXY = address("10.0.9.9");

  private final SeededExecution execution = new SeededExecution(1);
  private final Ticks ticks = new Ticks(execution);

  private static InetSocketAddress address(String literal) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), 1);
  }

  private Metering metering(Rate one, Rate address, Rate user, int connects) {
    return new Metering(
        ticks, new Rates(one, address, user, connects), Networks.of(List.of("10.0.9.9")));
  }

  /// Runs with a clock that ticks.
  private void run(Runnable body) {
    execution.run(() -> {
      ticks.start();
      body.run();
      ticks.stop();
    });
  }

  private static int taken(Meter meter, int size, int most) {
    int taken = 1;
    while (taken < most && meter.take(size)) {
      taken++;
    }
    return taken;
  }

  @Nested
  class A_connection {
    @Test
    void may_say_two_seconds_worth_at_once_and_then_as_much_as_comes_in() {
      Metering metering = metering(TEN, Rate.NONE, Rate.NONE, Rate.ANY);
      run(() -> {
        Meter meter = metering.meter(ADA, -1);
        assertThat(taken(meter, 1, 1_000)).isEqualTo(21);

        execution.advance(Duration.ofMillis(1_001));
        assertThat(taken(meter, 1, 1_000)).as("ten more, less the one too many").isEqualTo(10);

        execution.advance(Duration.ofMinutes(10));
        assertThat(taken(meter, 1, 1_000)).isEqualTo(21);
      });
    }

    @Test
    void may_say_so_many_bytes() {
      Metering metering = metering(new Rate(Rate.ANY, 100), Rate.NONE, Rate.NONE, Rate.ANY);
      run(() -> {
        Meter meter = metering.meter(ADA, -1);
        assertThat(taken(meter, 30, 1_000)).isEqualTo(7);
        assertThat(taken(meter, 0, 1_000)).as("nothing is left").isEqualTo(1);

        execution.advance(Duration.ofMillis(201));
        assertThat(meter.take(0)).isTrue();
      });
    }

    @Test
    void is_told_when_it_may_say_more() {
      Metering metering = metering(TEN, Rate.NONE, Rate.NONE, Rate.ANY);
      AtomicInteger told = new AtomicInteger();
      run(() -> {
        Meter meter = metering.meter(ADA, -1);
        assertThat(taken(meter, 1, 1_000)).isEqualTo(21);
        assertThat(taken(meter, 1, 1)).isEqualTo(1);
        for (int i = 0; i < 5; i++) {
          var _ = meter.take(1);
        }
        meter.again(told::incrementAndGet);

        execution.advance(Duration.ofMillis(590));
        assertThat(told.get()).as("six too many").isZero();
        execution.advance(Duration.ofMillis(111));
        assertThat(told.get()).isEqualTo(1);
        assertThat(metering.throttled().sum()).isEqualTo(1);
      });
    }

    @Test
    void without_a_limit_may_say_anything() {
      Metering metering = metering(Rate.NONE, Rate.NONE, Rate.NONE, Rate.ANY);
      run(() -> {
        Meter meter = metering.meter(ADA, -1);
        assertThat(taken(meter, Integer.MAX_VALUE / 100, 100)).isEqualTo(100);
        assertThat(taken(meter, 0, 100_000)).isEqualTo(100_000);
      });
    }
  }

  @Nested
  class An_address {
    @Test
    void has_one_limit_for_all_its_connections() {
      Metering metering = metering(Rate.NONE, TEN, Rate.NONE, Rate.ANY);
      run(() -> {
        Meter first = metering.meter(ADA, -1);
        Meter second = metering.meter(ADA, -1);
        for (int tick = 0; tick < 5; tick++) {
          // What one tick brings is charged in the next.
          execution.advance(Duration.ofMillis(100));
          for (int i = 0; i < 8; i++) {
            var _ = first.take(1);
          }
        }
        execution.advance(Duration.ofMillis(100));
        assertThat(second.take(1)).as("its sister said too much").isFalse();
        assertThat(metering.meter(BOB, -1).take(1)).as("another address").isTrue();
        execution.advance(Duration.ofSeconds(1));
        assertThat(second.take(1)).isTrue();
      });
    }

    @Test
    void that_is_many_has_none() {
      Metering metering = metering(Rate.NONE, TEN, TEN, 1);
      run(() -> {
        for (int i = 0; i < 100; i++) {
          assertThat(metering.connects(PROXY.getAddress())).isTrue();
          assertThat(metering.request("10.0.9.9", PROXY, 0, true)).isZero();
          assertThat(metering.meter(PROXY, metering.user("10.0.9.9", PROXY)).take(1)).isTrue();
        }
      });
    }

    @Test
    void may_connect_ten_seconds_worth_at_once() {
      Metering metering = metering(Rate.NONE, Rate.NONE, Rate.NONE, 3);
      run(() -> {
        int connected = 0;
        while (connected < 1_000 && metering.connects(ADA.getAddress())) {
          connected++;
        }
        assertThat(connected).isEqualTo(30);
        assertThat(metering.connects(BOB.getAddress())).isTrue();
      });
    }
  }

  @Nested
  class A_connection_that_was_parked {
    @Test
    void has_the_address_and_the_user_that_it_had() {
      Metering metering = metering(Rate.NONE, TEN, TEN, Rate.ANY);
      run(() -> {
        for (int i = 0; i < 100; i++) {
          String name = "user " + i;
          Meter first = metering.meter(PROXY, metering.user(name, PROXY));
          assertThat(metering.charge(first.account(), 21, 0)).as(name).isFalse();
          assertThat(metering.meter(first.account()).take(1)).isFalse();
          assertThat(metering.request(name, PROXY, 0, false)).isPositive();
        }
        int ada = metering.meter(ADA, -1).account();
        assertThat(metering.charge(ada, 20, 0)).isTrue();
        assertThat(metering.meter(ada).take(1)).isFalse();
        assertThat(metering.charge(metering.meter(PROXY, -1).account(), 1_000, 0)).isTrue();
      });
    }
  }

  @Nested
  class What_was_said_in_the_last_tick {
    @Test
    void is_charged_when_the_connection_is_parked() {
      Metering metering = metering(Rate.NONE, TEN, Rate.NONE, Rate.ANY);
      run(() -> {
        Meter burst = metering.meter(ADA, -1);
        for (int i = 0; i < 50; i++) {
          assertThat(burst.take(1)).isTrue();
        }
        assertThat(metering.request("ada", ADA, 0, false)).isZero();
        burst.pay();
        assertThat(metering.request("ada", ADA, 0, false)).isPositive();
        assertThat(metering.meter(ADA, -1).take(1)).isFalse();
      });
    }
  }

  @Nested
  class A_user {
    @Test
    void has_one_limit_wherever_it_is() {
      Metering metering = metering(Rate.NONE, Rate.NONE, TEN, Rate.ANY);
      run(() -> {
        int asked = 0;
        while (asked < 1_000
            && metering.request("ada", asked % 2 == 0 ? ADA : PROXY, 0, false) == 0) {
          asked++;
        }
        assertThat(asked).isEqualTo(20);
        assertThat(metering.request("ada", BOB, 0, false)).isEqualTo(1);
        assertThat(metering.meter(BOB, metering.user("ada", BOB)).take(1)).isFalse();
        assertThat(metering.request("bob", ADA, 0, false)).isZero();
        assertThat(metering.refused().sum()).isEqualTo(2);
      });
    }

    @Test
    void is_told_in_seconds_when_to_come_back_and_not_later_than_its_burst() {
      Metering metering = metering(Rate.NONE, Rate.NONE, new Rate(Rate.ANY, 1_000), 5);
      run(() -> {
        assertThat(metering.request("ada", ADA, Integer.MAX_VALUE, false)).isEqualTo(2);
        for (int i = 0; i < 50; i++) {
          assertThat(metering.request("bob", BOB, 0, true)).isZero();
        }
        assertThat(metering.request("bob", BOB, 0, true)).isEqualTo(1);
        assertThat(metering.request("bob", BOB, 0, false)).as("no handshake").isZero();
      });
    }
  }
}
