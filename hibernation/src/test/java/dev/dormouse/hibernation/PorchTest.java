package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.hibernation.Stage.Client;
import dev.dormouse.room.Admission;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.Upgrade;
import dev.dormouse.room.spi.Doorman.KeepAlive;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// C6 on the socket side: what a doorman keeps, and that nothing that goes wrong with it spreads.
class PorchTest {
  private final ScriptedDoorman doorman = new ScriptedDoorman();
  private final ScriptedDoorman other = new ScriptedDoorman();
  private final Stage stage = new Stage(Map.of("porter", doorman, "other", other));
  private final SocketCounters counters = stage.table.counters();

  @Nested
  class A_porch {
    @Test
    void C6_is_opened_for_the_first_and_dropped_with_the_last() {
      Client a = stage.client("porter");
      Client b = stage.client("porter");
      a.vanishes();
      b.says("hold 10");
      b.vanishes();
      Client c = stage.client("porter");

      assertThat(doorman.taken())
          .containsExactly(
              "open 1000",
              "joins " + a.key,
              "joins " + b.key,
              "leaves " + a.key,
              "hears " + b.key,
              "leaves " + b.key,
              "open 1000",
              "joins " + c.key);
      assertThat(counters.onPorches.sum()).isEqualTo(1);
    }

    @Test
    void H3_is_counted_in_bytes_of_its_own() {
      Client a = stage.client("porter");
      Client b = stage.client("other");
      a.says("hold 100");
      b.says("hold 50");
      a.says("hold 70");
      assertThat(counters.porchBytes.sum()).isEqualTo(120);

      a.vanishes();
      assertThat(counters.porchBytes.sum()).isEqualTo(50);
      b.vanishes();
      assertThat(counters.porchBytes.sum()).isZero();
    }

    @Test
    void C6_that_holds_more_than_it_may_costs_whoever_made_it_so() {
      Client a = stage.client("porter");
      Client b = stage.client("porter");

      a.says("hold 1000");
      assertThat(a.heard()).isEmpty();
      a.says("hold 1001; answer last words; relay news");

      assertThat(a.heard()).containsExactly("last words", "close 1009");
      assertThat(b.heard()).containsExactly("news");
    }

    @Test
    void C6_hears_every_second_that_time_passes_while_somebody_is_there() {
      doorman.atTick = "relay tick; answer nobody; pass; close 4000";
      Client a = stage.client("porter");
      Client b = stage.client("porter");

      stage.execution.passSeconds(2);

      assertThat(a.heard()).containsExactly("tick", "tick");
      assertThat(b.heard()).containsExactly("tick", "tick");
      assertThat(doorman.taken()).endsWith("ticks 1000", "ticks 2000");

      a.vanishes();
      b.vanishes();
      doorman.taken();
      stage.execution.passSeconds(5);
      assertThat(doorman.taken()).isEmpty();
      assertThat(stage.execution.timers()).isZero();
    }

    @Test
    void C6_that_is_left_and_entered_again_ticks_once_a_second() {
      stage.client("porter").vanishes();
      stage.client("porter");
      doorman.taken();

      stage.execution.passSeconds(3);
      assertThat(doorman.taken()).hasSize(3);
    }

    @Test
    void C6_that_was_empty_for_long_ticks_again_when_it_is_entered() {
      stage.client("porter").vanishes();
      stage.execution.passSeconds(5);
      stage.client("porter");
      doorman.taken();

      stage.execution.passSeconds(2);
      assertThat(doorman.taken()).containsExactly("ticks 6000", "ticks 7000");
    }
  }

  @Nested
  class A_doorman_that_fails {
    private final Client ada = stage.client("porter");
    private final Client bob = stage.client("porter");

    @Test
    void C6_at_a_message_loses_that_connection_and_no_other() {
      stage.taken();
      ada.says("answer never; throw");
      bob.says("answer still here");

      assertThat(ada.heard()).containsExactly("close 1011");
      assertThat(bob.heard()).containsExactly("still here");
      assertThat(stage.taken()).isEmpty();
    }

    @Test
    void C6_at_a_newcomer_loses_that_connection_and_no_other() {
      doorman.atJoin = "throw";
      Client eve = stage.client("porter");
      ada.says("relay news");

      assertThat(eve.heard()).containsExactly("close 1011");
      assertThat(bob.heard()).containsExactly("news");
      assertThat(doorman.taken()).containsSubsequence("joins " + eve.key, "leaves " + eve.key);
      eve.vanishes();
      assertThat(doorman.taken()).isEmpty();
    }

    @Test
    void C6_at_opening_its_porch_loses_that_connection_and_tries_again() {
      other.atOpen = "throw";
      Client eve = stage.client("other");
      assertThat(eve.heard()).containsExactly("close 1011");
      eve.vanishes();

      other.atOpen = "";
      stage.client("other").says("answer hello");
      assertThat(counters.answered.sum()).isEqualTo(1);
      assertThat(counters.onPorches.sum()).isEqualTo(3);
    }

    @Test
    void C6_as_time_passes_loses_nobody_and_goes_on() {
      doorman.atTick = "throw";
      stage.execution.passSeconds(1);
      doorman.atTick = "relay again";
      stage.execution.passSeconds(1);

      assertThat(ada.heard()).containsExactly("again");
      assertThat(bob.heard()).containsExactly("again");
    }
  }

  @Nested
  class A_doorman_that_nobody_declared {
    private final Admission.Accepted admission = Admission.accept().metBy("nobody");

    @Test
    void C6_gets_no_connection_at_the_upgrade() {
      Admissions asked = new Admissions();
      stage.table.ask(
          stage.hall,
          asked,
          number -> {
            stage.apply(new Effect.Admit(number, admission));
            return new Event.Connect(
                number, new Upgrade(Map.of(), Map.of(), List.of(), "127.0.0.1"));
          });

      assertThat(asked.log)
          .containsExactly(Admission.refuse(500, "the server failed; its log says how"));
    }

    @Test
    void C6_gets_no_connection_later_either_and_its_room_hears_nothing() {
      Client eve = stage.arriving(stage.hall, admission);
      assertThat(eve.heard()).containsExactly("close 1011");
      assertThat(eve.says("pass")).isTrue();
      eve.vanishes();

      assertThat(stage.taken()).isEmpty();
      assertThat(stage.table.connections()).isZero();
    }

    @Test
    void C1_does_not_take_the_other_connections_of_the_socket_with_it() {
      Client ada = stage.client("porter");

      long key = ada.socket.attach(stage.attic, admission);

      assertThat(ada.heard()).isEmpty();
      assertThat(ada.socket.received(key, Message.of("x"))).isTrue();
      ada.says("answer still here");
      assertThat(ada.heard()).containsExactly("still here");
    }
  }

  @Test
  void a_doorman_that_would_feed_all_the_time_is_not_taken() {
    ScriptedDoorman eager =
        new ScriptedDoorman(new KeepAlive(Duration.ofMillis(999), Message.of("food")));

    assertThatThrownBy(() -> new Stage(Map.of("eager", eager)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'eager'");
  }

  /// Writes down what it is answered.
  private static final class Admissions implements Exchange {
    final List<Admission> log = new ArrayList<>();

    @Override
    public void admit(Admission admission) {
      log.add(admission);
    }

    @Override
    public void reply(HttpReply reply) {
      throw new AssertionError("an upgrade gets no reply");
    }

    @Override
    public void decline(RoomException error) {
      throw new AssertionError("nothing was declined", error);
    }
  }
}
