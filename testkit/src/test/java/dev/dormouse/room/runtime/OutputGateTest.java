package dev.dormouse.room.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.room.spi.Sockets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// O1, O2, O4, O5: what is held, what leaves, what is discarded.
class OutputGateTest {
  private final List<Effect> applied = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final List<Throwable> broken = new ArrayList<>();
  private Runnable whileApplying = () -> {};

  private final Sockets sockets =
      new Sockets() {
        @Override
        public void apply(RoomId room, List<Effect> effects) {
          applied.addAll(effects);
          whileApplying.run();
        }

        @Override
        public void resume(RoomId room) {}

        @Override
        public OptionalLong lastAutoResponse(RoomId room, long connection) {
          return OptionalLong.empty();
        }
      };

  private final OutputGate gate =
      new OutputGate(
          new Object(),
          RoomId.of("room", new byte[32], "r"),
          sockets,
          new RoomObserver() {
            @Override
            public void runtimeFailed(String what, Throwable failure) {
              broken.add(failure);
            }
          });

  private static Effect send(String text) {
    return new Effect.Send(1, Message.of(text));
  }

  private OutputGate.Batch batch(long needs, String name, Effect... effects) {
    return new OutputGate.Batch(
        needs,
        false,
        List.of(effects),
        List.of(() -> told.add(name + " undone")),
        List.of(reset -> told.add(name + (reset == null ? " left" : " " + reset.outcome()))));
  }

  @Test
  void O1_a_batch_leaves_once_its_sequence_is_durable() {
    gate.startAt(4);
    gate.add(batch(5, "five", send("5")));
    gate.release();
    assertThat(applied).isEmpty();
    assertThat(gate.isEmpty()).isFalse();
    gate.durableUpTo(5);
    gate.release();
    assertThat(applied).containsExactly(send("5"));
    assertThat(told).containsExactly("five left");
    assertThat(gate.isEmpty()).isTrue();
  }

  @Test
  void O4_a_batch_waits_for_those_before_it() {
    gate.add(batch(1, "one", send("1")));
    gate.add(batch(1, "read", send("read")));
    gate.add(batch(2, "two", send("2")));
    gate.durableUpTo(1);
    gate.release();
    assertThat(applied).containsExactly(send("1"), send("read"));
    gate.durableUpTo(2);
    gate.release();
    assertThat(applied).containsExactly(send("1"), send("read"), send("2"));
  }

  @Test
  void O5_ungated_effects_have_a_lane_of_their_own() {
    gate.add(batch(1, "one", send("gated")));
    gate.addUngated(send("ungated 1"));
    gate.addUngated(send("ungated 2"));
    gate.release();
    assertThat(applied).containsExactly(send("ungated 1"), send("ungated 2"));
  }

  @Test
  void O6_what_is_held_is_counted_until_it_leaves() {
    gate.add(batch(1, "one", send("x".repeat(100))));
    gate.add(
        batch(
            2,
            "two",
            new Effect.Reply(1, HttpReply.text(200, "y".repeat(1_000))),
            new Effect.Broadcast(null, Message.of("z".repeat(10)), Set.of())));
    assertThat(gate.heldBytes()).isBetween(1_110L, 1_400L);
    gate.durableUpTo(1);
    gate.release();
    assertThat(gate.heldBytes()).isBetween(1_010L, 1_300L);
    gate.discardFrom(2, _ -> reset(Outcome.UNKNOWN));
    gate.release();
    assertThat(gate.heldBytes()).isZero();
  }

  private static RoomReset reset(Outcome outcome) {
    return new RoomReset(RoomReset.Reason.COMMIT_FAILED, outcome, "room/r", null);
  }

  @Nested
  class Discarding {

    @Test
    void O2_takes_what_depends_on_the_failed_sequence_and_leaves_the_rest() {
      gate.startAt(0);
      gate.add(batch(1, "one", send("1")));
      gate.add(batch(2, "two", send("2")));
      gate.add(batch(2, "read", send("read")));
      gate.add(batch(3, "three", send("3")));
      gate.durableUpTo(1);
      gate.discardFrom(2, _ -> reset(Outcome.NOT_APPLIED));
      gate.release();
      assertThat(applied).containsExactly(send("1"));
      assertThat(told)
          .as("undone in reverse, told in order")
          .containsExactly(
              "three undone",
              "read undone",
              "two undone",
              "one left",
              "two NOT_APPLIED",
              "read NOT_APPLIED",
              "three NOT_APPLIED");
      assertThat(gate.isEmpty()).isTrue();
    }

    @Test
    void O2_answers_every_exchange_with_the_reset_and_keeps_what_sockets_did() {
      Effect join = new Effect.Join(7, Set.of());
      Effect leave = new Effect.Leave(8);
      RoomReset error = reset(Outcome.UNKNOWN);
      gate.add(
          batch(
              1,
              "one",
              send("never"),
              join,
              new Effect.Admit(1, Admission.accept()),
              new Effect.Reply(2, HttpReply.text(200, "never")),
              new Effect.Decline(3, new Refusal.NotFound("never")),
              new Effect.Broadcast(null, Message.of("never"), Set.of()),
              new Effect.Retag(7, Set.of("never")),
              new Effect.Tell(7, new Refusal.NotFound("never")),
              new Effect.Close(7, CloseStatus.of(CloseCode.NORMAL)),
              leave));
      gate.discardFrom(1, _ -> error);
      gate.release();
      assertThat(applied)
          .containsExactly(
              join,
              new Effect.Decline(1, error),
              new Effect.Decline(2, error),
              new Effect.Decline(3, error),
              leave);
    }

    @Test
    void O2_asks_for_the_error_of_a_handler_whose_earlier_turns_stand() {
      gate.add(
          new OutputGate.Batch(
              1,
              true,
              List.of(),
              List.of(),
              List.of(reset -> told.add(reset == null ? "left" : reset.outcome().name()))));
      gate.discardFrom(1, stands -> reset(stands ? Outcome.UNKNOWN : Outcome.NOT_APPLIED));
      gate.release();
      assertThat(told).containsExactly("UNKNOWN");
    }
  }

  @Test
  void O4_output_that_is_made_while_some_is_applied_leaves_after_it_on_the_same_thread() {
    whileApplying =
        () -> {
          whileApplying = () -> {};
          gate.add(batch(0, "later", send("2")));
          gate.release();
          assertThat(applied).containsExactly(send("1"));
        };
    gate.add(batch(0, "first", send("1")));
    gate.release();
    assertThat(applied).containsExactly(send("1"), send("2"));
    assertThat(told).containsExactly("first left", "later left");
  }

  @Test
  void a_failure_of_the_sockets_is_reported_and_holds_nobody_up() {
    whileApplying =
        () -> {
          throw new IllegalStateException("sockets broke");
        };
    gate.add(batch(0, "one", send("1")));
    gate.release();
    assertThat(broken).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(told).containsExactly("one left");
    whileApplying = () -> {};
    gate.add(batch(0, "two", send("2")));
    gate.release();
    assertThat(applied).containsExactly(send("1"), send("2"));
  }
}
