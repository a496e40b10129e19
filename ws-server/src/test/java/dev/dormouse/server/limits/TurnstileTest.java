package dev.dormouse.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.runtime.SystemExecution;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnstileTest {
  private static Turnstile turnstile(int clients, int perAddress, int handshakes) {
    Networks proxies = Networks.of(List.of("10.9.9.0/24"));
    return new Turnstile(
        new Limits(clients, perAddress, handshakes, Duration.ZERO, proxies, 1),
        new SystemExecution());
  }

  private static Entry enter(Turnstile turnstile, String address) {
    return turnstile.enter(InetAddress.ofLiteral(address));
  }

  private static Pass let(Turnstile turnstile, String address) {
    return switch (enter(turnstile, address)) {
      case Entry.LetIn(int pass) -> new Pass(turnstile, pass);
      case Entry.Refused(Reason why) -> throw new AssertionError("refused: " + why);
    };
  }

  private static void refused(Turnstile turnstile, String address, Reason why) {
    long before = turnstile.sentAway(why).sum();
    int clients = turnstile.clients();
    int handshakes = turnstile.handshakes();
    assertThat(enter(turnstile, address)).isEqualTo(new Entry.Refused(why));
    assertThat(turnstile.sentAway(why).sum()).isEqualTo(before + 1);
    assertThat(turnstile.clients()).isEqualTo(clients);
    assertThat(turnstile.handshakes()).isEqualTo(handshakes);
  }

  private static void empty(Turnstile turnstile) {
    assertThat(turnstile.clients()).isZero();
    assertThat(turnstile.handshakes()).isZero();
    assertThat(turnstile.addresses()).isZero();
  }

  @Nested
  class A_limit {
    @Test
    void in_all_holds_until_somebody_leaves() {
      Turnstile turnstile = turnstile(2, 9, 9);
      Pass first = let(turnstile, "10.0.0.1");
      Pass second = let(turnstile, "10.0.0.2");
      refused(turnstile, "10.0.0.3", Reason.CLIENTS);

      first.leave();
      let(turnstile, "10.0.0.3").leave();
      second.leave();
      empty(turnstile);
    }

    @Test
    void of_an_address_holds_for_that_one_and_not_for_proxies() {
      Turnstile turnstile = turnstile(99, 1, 99);
      Pass first = let(turnstile, "10.0.0.1");
      refused(turnstile, "10.0.0.1", Reason.ADDRESS);
      Pass other = let(turnstile, "10.0.0.2");
      Pass proxy = let(turnstile, "10.9.9.1");
      Pass again = let(turnstile, "10.9.9.1");

      for (Pass pass : List.of(first, other, proxy, again)) {
        pass.leave();
      }
      let(turnstile, "10.0.0.1").leave();
      empty(turnstile);
    }

    @Test
    void of_handshakes_holds_until_one_is_answered_or_gone() {
      Turnstile turnstile = turnstile(99, 99, 2);
      Pass first = let(turnstile, "10.0.0.1");
      Pass second = let(turnstile, "10.0.0.1");
      refused(turnstile, "10.0.0.1", Reason.HANDSHAKES);

      first.answered();
      Pass third = let(turnstile, "10.0.0.1");
      refused(turnstile, "10.0.0.1", Reason.HANDSHAKES);
      second.leave();
      Pass fourth = let(turnstile, "10.0.0.1");

      assertThat(turnstile.clients()).isEqualTo(3);
      for (Pass pass : List.of(first, third, fourth)) {
        pass.leave();
      }
      empty(turnstile);
    }

    @ParameterizedTest
    @CsvSource({
      // given, descriptors, of databases, fit, all, one address, told
      "0, 0, 0, 20000, 0, 9000000000, 19600, 9800, 100",
      "0, 0, 0, 20000, 768, 9000000000, 18832, 9416, 100",
      "0, 0, 0, 1024, 0, 9000000000, 768, 384, 64",
      "0, 0, 0, 1024, 768, 9000000000, 512, 256, 64",
      "0, 0, 0, 150, 48, 9000000000, 76, 38, 9",
      "0, 0, 0, 2147483647, 0, 9000000000, 2147483247, 1073741623, 100",
      "0, 0, 0, 20000, 768, 5000, 5000, 2500, 100",
      "0, 0, 0, 150, 48, 0, 1, 1, 9",
      "50, 0, 7, 1024, 768, 20, 50, 25, 64",
      "1, 0, 7, 1024, 768, 9000000000, 1, 1, 64",
      "50, 60, 7, 1024, 768, 9000000000, 50, 60, 64",
    })
    void that_was_left_open_follows_from_the_descriptors_and_the_memory(
        int clients,
        int perAddress,
        int handshakes,
        long descriptors,
        long files,
        long fit,
        int all,
        int one,
        int told) {
      Limits limits =
          Limits.fitted(
              clients,
              perAddress,
              handshakes,
              Duration.ZERO,
              Networks.NONE,
              descriptors,
              files,
              fit);

      assertThat(limits.clients()).isEqualTo(all);
      assertThat(limits.perAddress()).isEqualTo(one);
      assertThat(limits.handshakes()).isEqualTo(handshakes == 0 ? Integer.MAX_VALUE : handshakes);
      assertThat(limits.told()).isEqualTo(told);
    }
  }

  @Nested
  class A_pass {
    private final Turnstile turnstile = turnstile(9, 9, 9);

    @Test
    void counts_once_however_often_it_is_given_back() {
      Pass other = let(turnstile, "10.0.0.1");
      Pass pass = let(turnstile, "10.0.0.1");
      pass.answered();
      pass.answered();
      assertThat(turnstile.handshakes()).isEqualTo(1);
      pass.leave();
      pass.leave();
      pass.answered();

      assertThat(turnstile.clients()).isEqualTo(1);
      assertThat(turnstile.handshakes()).isEqualTo(1);
      other.leave();
      empty(turnstile);
    }

    @Test
    void that_is_handed_on_counts_where_it_is_now() {
      Pass pass = let(turnstile, "10.0.0.1");
      Pass next = new Pass(turnstile, pass.handOn());
      pass.leave();
      pass.answered();
      assertThat(turnstile.clients()).isEqualTo(1);

      next.leave();
      empty(turnstile);
      assertThat(pass.handOn()).isZero();
    }

    @Test
    void moves_to_the_address_that_a_proxy_speaks_for() throws Exception {
      InetAddress client = InetAddress.ofLiteral("192.0.2.1");
      Pass pass = let(turnstile, "10.0.0.1");
      assertThat(pass.move(client)).isTrue();
      assertThat(pass.move(client)).isTrue();
      assertThat(turnstile.addresses()).isEqualTo(1);
      assertThat(pass.origin(new InetSocketAddress("10.0.0.1", 80)))
          .isEqualTo(new InetSocketAddress(client, 0));
      assertThat(turnstile.handshakes()).isEqualTo(1);

      pass.answered();
      assertThat(turnstile.handshakes()).isZero();
      pass.leave();
      assertThat(pass.move(client)).as("for nobody").isTrue();
      empty(turnstile);
    }

    @Test
    void is_kept_by_number_and_given_back_with_it() {
      Passes passes = new Passes(turnstile);
      switch (enter(turnstile, "10.0.0.1")) {
        case Entry.LetIn(int pass) -> passes.put(70_000, pass);
        case Entry.Refused _ -> throw new AssertionError();
      }
      passes.leave(3);
      passes.leave(69_999);
      passes.answered(69_999);
      passes.answered(1_000_000);
      assertThat(turnstile.clients()).isEqualTo(1);
      assertThat(turnstile.handshakes()).isEqualTo(1);

      passes.answered(70_000);
      passes.answered(70_000);
      assertThat(turnstile.handshakes()).isZero();
      passes.leave(70_000);
      passes.leave(70_000);
      passes.answered(70_000);
      empty(turnstile);
    }
  }
}
