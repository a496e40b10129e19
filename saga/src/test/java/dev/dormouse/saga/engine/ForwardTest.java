package dev.dormouse.saga.engine;

import static dev.dormouse.saga.SagaStatus.COMPENSATED;
import static dev.dormouse.saga.SagaStatus.COMPENSATING;
import static dev.dormouse.saga.SagaStatus.COMPLETED;
import static dev.dormouse.saga.SagaStatus.PARKED_FORWARD;
import static dev.dormouse.saga.SagaStatus.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.saga.engine.StepRow.Act;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// T1 to T7 and T12: what moves a saga that goes forward.
class ForwardTest {
  private static final AlarmRef DEADLINE = AlarmRef.deadline(Drive.ID);
  private static final AlarmRef REVIEW = AlarmRef.review(Drive.ID);

  @Test
  void T1_a_start_sends_the_first_step_and_sets_its_alarm_and_the_deadline() {
    Drive drive = new Drive(SmallSagas.two());

    Decision decision = drive.on(new Trigger.Start());

    assertThat(decision.transition()).isEqualTo(Transition.T1);
    assertThat(decision.sends()).containsExactly(new Send(0, Way.DO, 1, 0));
    assertThat(Drive.due(decision, drive.guard(0, Way.DO))).contains(drive.now + 30_000);
    assertThat(Drive.due(decision, DEADLINE)).contains(drive.now + 3_600_000);
    assertThat(drive.status()).isEqualTo(RUNNING);
  }

  @Test
  void T1_a_start_with_a_known_id_changes_nothing() {
    Drive drive = Drive.started(SmallSagas.two());
    SagaRow before = drive.saga;

    Decision decision = drive.on(new Trigger.Start());

    assertThat(decision.transition()).isEqualTo(Transition.T1_AGAIN);
    assertThat(decision.next()).isEqualTo(before);
    assertThat(decision.log()).isEmpty();
    assertThat(decision.sends()).isEmpty();
  }

  @Test
  void T2_an_ok_drops_its_alarm_and_sends_the_next_step() {
    Drive drive = Drive.started(SmallSagas.two());
    AlarmRef guard = drive.guard(0, Way.DO);

    Decision decision = drive.ok(0);

    assertThat(decision.transition()).isEqualTo(Transition.T2);
    assertThat(Drive.due(decision, guard)).isEmpty();
    assertThat(decision.sends()).containsExactly(new Send(1, Way.DO, 1, 0));
    assertThat(Drive.due(decision, drive.guard(1, Way.DO))).isPresent();
  }

  @Test
  void T2_a_group_starts_together_and_waits_for_all() {
    Drive drive = new Drive(SmallSagas.group());
    assertThat(drive.on(new Trigger.Start()).sends()).extracting(Send::step).containsExactly(0, 1);

    assertThat(drive.ok(1).sends()).isEmpty();
    assertThat(drive.ok(0).sends()).extracting(Send::step).containsExactly(2);
  }

  @Test
  void T3_the_last_ok_ends_it_drops_the_alarms_and_tells() {
    Drive drive = Drive.started(SmallSagas.two());
    drive.ok(0);

    Decision decision = drive.ok(1);

    assertThat(decision.transition()).isEqualTo(Transition.T3);
    assertThat(Drive.due(decision, DEADLINE)).isEmpty();
    assertThat(decision.alarms().values()).allMatch(Optional::isEmpty);
    assertThat(decision.notice()).contains(new Notice.Ended(COMPLETED, ""));
    assertThat(drive.saga.ended()).isEqualTo(drive.now);
  }

  @Test
  void T4_a_refusal_undoes_the_step_before_and_not_the_refused_one() {
    Drive drive = Drive.started(SmallSagas.two());
    drive.ok(0);

    Decision decision = drive.refused(1);

    assertThat(decision.transition()).isEqualTo(Transition.T4);
    assertThat(decision.sends()).containsExactly(new Send(0, Way.UNDO, 1, 0));
    assertThat(Drive.due(decision, DEADLINE)).isEmpty();
    assertThat(drive.status()).isEqualTo(COMPENSATING);
  }

  @Test
  void T4_a_refusal_of_the_first_step_ends_it() {
    Drive drive = Drive.started(SmallSagas.two());

    assertThat(drive.refused(0).notice()).containsInstanceOf(Notice.Ended.class);
    assertThat(drive.status()).isEqualTo(COMPENSATED);
  }

  @Test
  void T4_a_group_is_undone_only_when_its_other_members_are_settled() {
    Drive drive = Drive.started(SmallSagas.group());

    assertThat(drive.refused(0).sends()).isEmpty();
    assertThat(drive.status()).isEqualTo(COMPENSATING);
    assertThat(drive.ok(1).sends()).containsExactly(new Send(1, Way.UNDO, 1, 0));
  }

  @Test
  void T5_an_alarm_sends_the_same_step_again_until_the_attempts_are_used_up() {
    Drive drive = Drive.started(SmallSagas.two());
    AlarmRef first = drive.guard(0, Way.DO);

    Decision decision = drive.rings(0, Way.DO);

    assertThat(decision.transition()).isEqualTo(Transition.T5);
    assertThat(decision.sends()).containsExactly(new Send(0, Way.DO, 2, 0));
    assertThat(Drive.due(decision, first)).isEmpty();
    assertThat(Drive.due(decision, drive.guard(0, Way.DO))).isPresent();
  }

  @Test
  void T5_a_failed_attempt_waits_for_its_back_off() {
    Drive drive = Drive.started(SmallSagas.two());

    Decision decision = drive.on(new Trigger.Failed(0, Way.DO, 1, "busy", ""));

    assertThat(decision.transition()).isEqualTo(Transition.T5);
    assertThat(decision.sends()).isEmpty();
    assertThat(Drive.due(decision, drive.guard(0, Way.DO)).orElseThrow() - drive.now)
        .isBetween(500L, 1_000L);
    assertThat(drive.rings(0, Way.DO).sends()).containsExactly(new Send(0, Way.DO, 2, 0));
  }

  @Test
  void T6_a_failure_that_no_attempt_can_mend_goes_back_at_once() {
    Drive drive = Drive.started(SmallSagas.two());

    Decision decision = drive.on(new Trigger.Failed(0, Way.DO, 1, "hopeless", ""));

    assertThat(decision.transition()).isEqualTo(Transition.T6);
    assertThat(decision.sends()).containsExactly(new Send(0, Way.UNDO, 1, 0));
  }

  @Test
  void T6_an_unanswered_step_is_undone_itself_since_nobody_knows() {
    Drive drive = Drive.started(SmallSagas.two());
    drive.ok(0);
    drive.rings(1, Way.DO);

    Decision decision = drive.rings(1, Way.DO);

    assertThat(decision.transition()).isEqualTo(Transition.T6);
    assertThat(drive.saga.step(1).act()).isEqualTo(Act.UNKNOWN);
    assertThat(decision.sends()).containsExactly(new Send(1, Way.UNDO, 1, 0));
  }

  @Test
  void T6_a_cancel_works_in_back_off_too() {
    Drive drive = Drive.started(SmallSagas.two());
    drive.on(new Trigger.Failed(0, Way.DO, 1, "busy", ""));

    Decision decision = drive.cancel();

    assertThat(decision.transition()).isEqualTo(Transition.T6);
    assertThat(decision.answer().accepted()).isTrue();
    assertThat(decision.sends()).containsExactly(new Send(0, Way.UNDO, 1, 0));
  }

  @Test
  void T6_the_deadline_undoes_a_group_latest_start_first() {
    Drive drive = Drive.started(SmallSagas.group());

    Decision decision = drive.on(new Trigger.Rang(DEADLINE));

    assertThat(decision.transition()).isEqualTo(Transition.T6);
    assertThat(decision.sends()).containsExactly(new Send(1, Way.UNDO, 1, 0));
    assertThat(drive.undone(1).sends()).containsExactly(new Send(0, Way.UNDO, 1, 0));
  }

  @Test
  void T6_a_pivot_with_an_undo_whose_outcome_is_unknown_is_undone() {
    Drive drive = Drive.started(SmallSagas.softPivot());
    drive.ok(0);

    assertThat(drive.rings(1, Way.DO).sends()).containsExactly(new Send(1, Way.UNDO, 1, 0));
  }

  @Test
  void T7_a_pivot_without_one_is_parked() {
    Drive drive = Drive.started(SmallSagas.pivoting());
    drive.ok(0);
    drive.rings(1, Way.DO);

    Decision decision = drive.rings(1, Way.DO);

    assertThat(decision.transition()).isEqualTo(Transition.T7);
    assertThat(drive.status()).isEqualTo(PARKED_FORWARD);
    assertThat(decision.dead()).hasExactlyElementsOfTypes(DeadChange.Open.class);
    assertThat(Drive.due(decision, REVIEW)).contains(drive.now + 3_600_000);
  }

  @Test
  void T7_after_the_pivot_a_refusal_is_parked_once_its_group_is_settled() {
    Drive drive = Drive.started(SmallSagas.lateGroup());
    drive.ok(0);

    assertThat(drive.refused(1).transition()).isEqualTo(Transition.T7);
    assertThat(drive.status()).isEqualTo(RUNNING);
    assertThat(drive.ok(2).transition()).isEqualTo(Transition.T7);
    assertThat(drive.status()).isEqualTo(PARKED_FORWARD);
  }

  @Test
  void T12_after_the_pivot_cancel_and_deadline_are_refused() {
    Drive drive = Drive.started(SmallSagas.pivoting());
    drive.ok(0);
    drive.ok(1);

    Decision cancel = drive.cancel();

    assertThat(cancel.transition()).isEqualTo(Transition.T12);
    assertThat(cancel.answer().accepted()).isFalse();
    assertThat(drive.on(new Trigger.Rang(DEADLINE)).transition()).isEqualTo(Transition.T12);
    assertThat(drive.status()).isEqualTo(RUNNING);
  }

  @Test
  void T12_an_alarm_of_an_earlier_attempt_is_deleted_and_changes_nothing() {
    Drive drive = Drive.started(SmallSagas.two());
    AlarmRef first = drive.guard(0, Way.DO);
    drive.rings(0, Way.DO);

    Decision decision = drive.on(new Trigger.Rang(first));

    assertThat(decision.transition()).isEqualTo(Transition.T12);
    assertThat(Drive.due(decision, first)).isEmpty();
    assertThat(decision.sends()).isEmpty();
  }

  @Test
  void T12_answers_that_nobody_waits_for_are_written_down() {
    Drive drive = Drive.started(SmallSagas.two());
    drive.ok(0);

    for (Trigger late :
        new Trigger[] {
          new Trigger.Ok(0, null),
          new Trigger.Refused(0, "no"),
          new Trigger.Undone(1),
          new Trigger.Failed(1, Way.DO, 7, "busy", ""),
          new Trigger.Ok(17, null)
        }) {
      Decision decision = drive.on(late);
      assertThat(decision.transition()).isEqualTo(Transition.T12);
      assertThat(decision.log()).isPresent();
      assertThat(decision.sends()).isEmpty();
    }
    assertThat(drive.status()).isEqualTo(RUNNING);
  }

  @Test
  void T12_what_comes_for_a_saga_that_is_not_there_stores_nothing() {
    Drive drive = new Drive(SmallSagas.two());

    Decision ring = drive.on(new Trigger.Rang(DEADLINE));

    assertThat(Drive.due(ring, DEADLINE)).isEmpty();
    assertThat(ring.log()).isEmpty();
    assertThat(drive.cancel().answer().accepted()).isFalse();
  }
}
