package dev.dormouse.saga.engine;

import static dev.dormouse.saga.SagaStatus.COMPENSATED;
import static dev.dormouse.saga.SagaStatus.COMPENSATING;
import static dev.dormouse.saga.SagaStatus.PARKED_BACKWARD;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// T8 to T10: what moves a saga that goes back.
class BackwardTest {

  private static Drive goingBack() {
    Drive drive = Drive.started(SmallSagas.two());
    drive.ok(0);
    drive.cancel();
    return drive;
  }

  @Test
  void T8_steps_are_undone_one_at_a_time_the_latest_first() {
    Drive drive = goingBack();

    Decision first = drive.undone(1);
    Decision second = drive.undone(0);

    assertThat(first.transition()).isEqualTo(Transition.T8);
    assertThat(first.sends()).containsExactly(new Send(0, Way.UNDO, 1, 0));
    assertThat(second.transition()).isEqualTo(Transition.T8);
    assertThat(second.notice())
        .contains(new Notice.Ended(COMPENSATED, "cancelled by ann: changed my mind"));
    assertThat(drive.status()).isEqualTo(COMPENSATED);
  }

  @Test
  void T8_a_step_that_leaves_nothing_is_passed_over() {
    Drive drive = Drive.started(SmallSagas.reading());
    drive.ok(0);
    drive.ok(1);

    assertThat(drive.refused(2).sends()).containsExactly(new Send(0, Way.UNDO, 1, 0));
  }

  @Test
  void T9_an_undo_that_is_not_answered_is_sent_again() {
    Drive drive = goingBack();
    drive.undone(1);

    Decision decision = drive.rings(0, Way.UNDO);

    assertThat(decision.transition()).isEqualTo(Transition.T9);
    assertThat(decision.sends()).containsExactly(new Send(0, Way.UNDO, 2, 0));
  }

  @Test
  void T10_when_its_attempts_are_used_up_it_is_parked_and_never_lost() {
    Drive drive = goingBack();

    Decision decision = drive.rings(1, Way.UNDO);

    assertThat(decision.transition()).isEqualTo(Transition.T10);
    assertThat(drive.status()).isEqualTo(PARKED_BACKWARD);
    assertThat(decision.dead()).hasExactlyElementsOfTypes(DeadChange.Open.class);
    assertThat(Drive.due(decision, AlarmRef.review(Drive.ID))).isPresent();
    assertThat(decision.notice()).containsInstanceOf(Notice.Parked.class);
  }

  @Test
  void T10_a_function_that_throws_parks_the_undo_it_should_have_made() {
    Drive drive = goingBack();

    Decision decision = drive.on(new Trigger.Unsendable(1, Way.UNDO, "a bug"));

    assertThat(decision.transition()).isEqualTo(Transition.T10);
  }

  @Test
  void T12_a_second_cancel_and_a_late_ok_change_nothing() {
    Drive drive = goingBack();

    assertThat(drive.cancel().answer().accepted()).isTrue();
    assertThat(drive.ok(1).transition()).isEqualTo(Transition.T12);
    assertThat(drive.status()).isEqualTo(COMPENSATING);
  }

  @Test
  void T12_nothing_moves_a_saga_that_has_ended() {
    Drive drive = Drive.started(SmallSagas.two());
    drive.refused(0);

    assertThat(drive.ok(0).transition()).isEqualTo(Transition.T12);
    assertThat(drive.undone(0).transition()).isEqualTo(Transition.T12);
    assertThat(drive.cancel().answer().accepted()).isFalse();
    assertThat(drive.status()).isEqualTo(COMPENSATED);
  }
}
