package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.Stage.Client;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Sockets.Intake;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// C6 on the socket side: what a doorman hears, and that what it says is done.
class DoormanTest {
  private final ScriptedDoorman doorman = new ScriptedDoorman();
  private final Stage stage = new Stage(Map.of("porter", doorman, "other", new ScriptedDoorman()));
  private final SocketCounters counters = stage.table.counters();

  @Nested
  class A_message {
    private final Client ada = stage.client("porter");
    private final Client bob = stage.client("porter");

    @BeforeEach
    void forget_the_beginning() {
      stage.taken();
    }

    @Test
    void C6_that_the_doorman_takes_never_enters_the_room() {
      assertThat(ada.says("nothing")).isTrue();
      assertThat(ada.says("answer hello")).isTrue();

      assertThat(stage.taken()).isEmpty();
      assertThat(ada.heard()).containsExactly("hello");
      assertThat(counters.taken.sum()).isEqualTo(2);
      assertThat(counters.answered.sum()).isEqualTo(1);
      assertThat(counters.passed.sum()).isZero();
    }

    @Test
    void C6_that_the_doorman_passes_queues_for_the_room_in_the_order_of_arrival() {
      ada.says("pass; 1");
      bob.says("nothing");
      ada.says("pass; 2");

      assertThat(stage.taken())
          .containsExactly(
              "room1 received " + ada.key + " pass; 1", "room1 received " + ada.key + " pass; 2");
      assertThat(counters.passed.sum()).isEqualTo(2);
    }

    @Test
    void C6_may_be_answered_and_relayed_and_passed_at_once() {
      ada.says("answer 1; relay 2; pass; answer 3; relay 4");

      assertThat(ada.heard()).containsExactly("1+", "3");
      assertThat(bob.heard()).containsExactly("2+", "4");
      assertThat(stage.taken()).hasSize(1);
      assertThat(counters.relayed.sum()).isEqualTo(2);
      assertThat(counters.deliveries.sum()).isEqualTo(2);
    }

    @Test
    void C6_is_relayed_to_the_others_of_the_same_doorman_and_room_only() {
      Client elsewhere = stage.arriving(stage.attic, Admission.accept().metBy("porter"));
      Client stranger = stage.client("other");
      Client alone = stage.client();

      ada.says("relay news");

      assertThat(bob.heard()).containsExactly("news");
      assertThat(ada.heard()).isEmpty();
      assertThat(elsewhere.heard()).isEmpty();
      assertThat(stranger.heard()).isEmpty();
      assertThat(alone.heard()).isEmpty();
    }

    @Test
    void O4_is_never_relayed_to_a_connection_that_is_shut() {
      stage.apply(new Effect.Close(bob.key, Stage.DONE));
      ada.says("relay too late");

      assertThat(bob.heard()).containsExactly("close 1000");
      assertThat(counters.dropped.sum()).isZero();
    }

    @Test
    void C6_goes_through_the_one_queue_of_the_connection() {
      stage.apply(Stage.broadcast("1"));
      ada.says("answer 2");
      bob.says("relay 3");
      stage.apply(Stage.send(ada, "4"));

      assertThat(ada.heard()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void O6_that_is_passed_to_a_room_that_is_behind_stops_the_reading() {
      stage.intake = () -> Intake.PAUSE;

      assertThat(ada.says("pass")).isFalse();
      assertThat(counters.paused.sum()).isEqualTo(1);
      stage.table.resume(stage.hall);

      assertThat(ada.heard()).containsExactly("read on");
      assertThat(counters.paused.sum()).isZero();
    }

    @Test
    void O6_that_is_taken_goes_on_being_read_while_the_room_is_behind() {
      stage.intake = () -> Intake.PAUSE;
      bob.says("pass");

      assertThat(ada.says("relay still here")).isTrue();
    }
  }

  @Nested
  class A_close_by_the_doorman {
    private final Client ada = stage.client("porter");
    private final Client bob = stage.client("porter");

    @Test
    void C6_is_the_last_that_its_connection_hears_and_says() {
      stage.taken();
      ada.says("answer 1; close 4000; answer 2; pass; relay bye");
      ada.says("pass");
      bob.says("relay too late");

      assertThat(ada.heard()).containsExactly("1", "close 4000");
      assertThat(counters.dropped.sum()).isZero();
      assertThat(bob.heard()).containsExactly("bye");
      assertThat(stage.taken()).isEmpty();
    }

    @Test
    void C1_of_one_of_several_leaves_the_socket_open_and_its_room_is_told() {
      long upstairs = ada.socket.attach(stage.attic, Admission.accept());
      stage.taken();

      ada.says("close 4000");

      assertThat(ada.heard()).isEmpty();
      assertThat(stage.taken()).containsExactly("room1 closed " + ada.key + " 4000");
      assertThat(doorman.taken()).endsWith("leaves " + ada.key);
      assertThat(ada.socket.received(upstairs, Message.of("x"))).isTrue();
      assertThat(stage.taken()).containsExactly("room2 received " + upstairs + " x");
    }
  }

  @Nested
  class A_connection_that_comes {
    @Test
    void C6_meets_the_doorman_before_its_room_hears_of_it() {
      doorman.atJoin = "answer welcome; relay somebody came; pass";
      Client first = stage.client("porter");
      first.heard();
      doorman.taken();
      stage.taken();

      Client second = stage.arriving(stage.hall, Admission.accept().metBy("porter"));

      assertThat(doorman.taken()).containsExactly("joins " + second.key);
      assertThat(second.heard()).containsExactly("welcome");
      assertThat(first.heard()).containsExactly("somebody came");
      assertThat(stage.taken()).containsExactly("room1 opened " + second.key);
    }

    @Test
    void C6_is_heard_by_the_doorman_before_its_room_has_taken_it_in() {
      Client first = stage.client("porter");
      Client second = stage.arriving(stage.hall, Admission.accept().metBy("porter"));

      second.says("relay here I am");
      second.says("pass; sync");
      first.says("relay so am I");

      assertThat(first.heard()).containsExactly("here I am");
      assertThat(second.heard()).containsExactly("so am I");
      assertThat(stage.taken()).endsWith("room1 received " + second.key + " pass; sync");
    }

    @Test
    void is_not_shown_to_the_doorman_if_its_socket_is_gone_already() {
      FakeWire wire = new FakeWire();
      ClientSocket socket = stage.table.open(wire);
      socket.closed(Stage.DONE, null);

      long key = socket.attach(stage.hall, Admission.accept().metBy("porter"));

      assertThat(doorman.taken()).isEmpty();
      assertThat(stage.taken())
          .containsExactly("room1 opened " + key, "room1 closed " + key + " 1006");
    }
  }

  @Nested
  class A_connection_that_goes {
    private final Client stays = stage.client("porter");
    private final Client goes = stage.client("porter");

    @BeforeEach
    void forget_the_beginning() {
      doorman.taken();
      doorman.atLeave = "relay somebody left; answer too late; pass";
    }

    private void is_left_once() {
      assertThat(doorman.taken()).containsExactly("leaves " + goes.key);
      assertThat(stays.heard()).containsExactly("somebody left");
      assertThat(goes.heard()).doesNotContain("too late", "somebody left");
    }

    @Test
    void C6_leaves_once_when_its_socket_ends_and_the_room_takes_leave() {
      goes.vanishes();
      stage.apply(new Effect.Leave(goes.key));

      is_left_once();
      assertThat(stage.table.connections()).isEqualTo(1);
    }

    @Test
    void C6_leaves_once_when_the_room_closes_it_and_its_socket_ends() {
      stage.apply(new Effect.Close(goes.key, Stage.DONE));
      goes.vanishes();
      stage.apply(new Effect.Leave(goes.key));

      is_left_once();
    }

    @Test
    void C6_leaves_once_when_it_is_detached() {
      goes.socket.attach(stage.attic, Admission.accept());
      goes.socket.detach(goes.key, Stage.DONE);
      goes.vanishes();

      is_left_once();
    }

    @Test
    void C6_leaves_before_its_socket_has_ended_when_it_was_the_last_on_it() {
      goes.socket.detach(goes.key, Stage.DONE);

      is_left_once();
      goes.vanishes();
      assertThat(doorman.taken()).isEmpty();
    }

    @Test
    void C6_leaves_at_once_when_its_doorman_closes_it() {
      doorman.taken();
      goes.says("close 4001");

      assertThat(doorman.taken()).contains("leaves " + goes.key);
      goes.vanishes();
      assertThat(doorman.taken()).isEmpty();
    }

    @Test
    void C1_whose_socket_breaks_while_it_comes_is_opened_before_it_is_closed() {
      stage.taken();
      FakeWire wire = new FakeWire();
      ClientSocket socket = stage.table.open(wire);
      doorman.whileJoining = () -> socket.closed(new CloseStatus(1006, ""), null);
      long key = socket.attach(stage.hall, Admission.accept().metBy("porter"));

      assertThat(stage.taken())
          .containsExactly("room1 opened " + key, "room1 closed " + key + " 1006");
    }

    @Test
    void C1_whom_its_doorman_closes_as_it_comes_is_opened_before_it_is_closed() {
      stage.taken();
      doorman.atJoin = "close 4001";
      // Not the only one on its socket, so that nothing waits for a handshake.
      ClientSocket socket = stage.table.open(new FakeWire());
      long other = socket.attach(stage.attic, Admission.accept());
      long key = socket.attach(stage.hall, Admission.accept().metBy("porter"));

      assertThat(stage.taken())
          .containsExactly(
              "room2 opened " + other, "room1 opened " + key, "room1 closed " + key + " 4001");
    }

    @Test
    void C6_leaves_before_its_room_hears_of_it() {
      stage.taken();
      doorman.atLeave = "throw";
      goes.vanishes();

      assertThat(stage.taken()).containsExactly("room1 closed " + goes.key + " 1006");
    }
  }
}
