package dev.dormouse.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.testkit.FakeConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// E1: one small family of errors.
class ErrorsTest {

  /// Every kind, as a switch without default has it: a new one does not compile without an answer.
  private static boolean helps(RoomException error) {
    return switch (error) {
      case Refusal.Refused _,
          Refusal.NotFound _,
          Refusal.VersionConflict _,
          Refusal.TooLarge _,
          Refusal.RoomFull _ ->
          false;
      case Refusal.Overloaded _, Refusal.StorageFull _ -> true;
      case RoomException.CallTimeout _, RoomException.GoingAway _ -> true;
      case RoomException.WouldDeadlock _ -> false;
      case RoomReset reset -> reset.reason() != RoomReset.Reason.HANDLER_THREW;
    };
  }

  private static List<RoomException> all() {
    List<RoomException> all =
        new ArrayList<>(
            List.of(
                new Refusal.Refused(400, "m"),
                new Refusal.NotFound("m"),
                new Refusal.VersionConflict(1, "m"),
                new Refusal.TooLarge("m"),
                new Refusal.RoomFull("m"),
                new Refusal.Overloaded("m"),
                new Refusal.StorageFull("m"),
                new RoomException.CallTimeout("m"),
                new RoomException.WouldDeadlock("m"),
                new RoomException.GoingAway("m")));
    Arrays.stream(RoomReset.Reason.values())
        .forEach(reason -> all.add(new RoomReset(reason, Outcome.UNKNOWN, "m", null)));
    return all;
  }

  @Test
  void E1_each_says_whether_a_retry_helps() {
    assertThat(all())
        .allSatisfy(error ->
            assertThat(error.retryable())
                .as(error.getClass().getSimpleName())
                .isEqualTo(helps(error)));
  }

  @Test
  void E1_each_says_what_is_known_of_the_outcome() {
    assertThat(all())
        .allSatisfy(error ->
            assertThat(error.outcome())
                .isEqualTo(
                    error instanceof RoomReset || error instanceof RoomException.CallTimeout
                        ? Outcome.UNKNOWN
                        : Outcome.NOT_APPLIED));
  }

  @Test
  void E1_a_reset_told_to_many_keeps_its_cause_and_gives_each_a_stack_of_their_own() {
    RoomReset first =
        new RoomReset(RoomReset.Reason.ABORTED, Outcome.UNKNOWN, "room/r aborted", null);
    RoomReset again = first.again();
    assertThat(again).isNotSameAs(first).hasMessage("room/r aborted").hasCause(first);
    assertThat(again.reason()).isEqualTo(RoomReset.Reason.ABORTED);
    assertThat(again.outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void E1_what_an_action_threw_is_suppressed_onto_the_reset_that_came_first() {
    Script script = new Script();
    script.play(t -> {
      Signal go = t.execution().signal();
      List<Throwable> seen = new ArrayList<>();
      script.does(
          "act",
          cue -> {
            try {
              cue.context()
                  .await(() -> {
                    boolean interrupted = false;
                    while (!interrupted) {
                      try {
                        go.await();
                      } catch (InterruptedException e) {
                        interrupted = true;
                      }
                    }
                    throw new IllegalStateException("the action failed");
                  });
            } catch (RoomReset e) {
              seen.add(e);
              throw e;
            }
          });
      script.does(
          "fail",
          cue -> {
            throw new IllegalStateException("broken");
          });
      FakeConnection ada = Script.join(t);
      ada.send("act");
      t.settle();
      ada.send("fail");
      t.settle();
      assertThat(seen)
          .singleElement()
          .satisfies(reset ->
              assertThat(reset.getSuppressed())
                  .singleElement()
                  .satisfies(later -> assertThat(later).hasMessage("the action failed")));
    });
  }

  @Test
  void E1_a_nodes_missing_parts_are_named() {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> dev.dormouse.room.runtime.RoomNode.builder().build()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("store");
  }
}
