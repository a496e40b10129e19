package dev.dormouse.saga.engine;

import static dev.dormouse.saga.SagaStatus.COMPENSATED;
import static dev.dormouse.saga.SagaStatus.COMPENSATING;
import static dev.dormouse.saga.SagaStatus.COMPLETED;
import static dev.dormouse.saga.SagaStatus.PARKED_BACKWARD;
import static dev.dormouse.saga.SagaStatus.PARKED_FORWARD;
import static dev.dormouse.saga.SagaStatus.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// T11, T13 and T14: what people do to a saga, and what its review does.
class ParkedTest {
  private static final AlarmRef REVIEW = AlarmRef.review(Drive.ID);

  @Nested
  class When_the_pivot_was_not_answered {
    private final Drive drive = Drive.started(SmallSagas.pivoting());

    {
      drive.ok(0);
      drive.rings(1, Way.DO);
      drive.rings(1, Way.DO);
    }

    @Test
    void T11_a_retry_closes_the_dead_row_and_begins_with_the_first_attempt() {
      Decision decision = drive.retry();

      assertThat(decision.transition()).isEqualTo(Transition.T11);
      assertThat(decision.sends()).containsExactly(new Send(1, Way.DO, 1, 0));
      assertThat(decision.dead()).containsExactly(new DeadChange.Close(1, Way.DO, "ann", "fixed"));
      assertThat(Drive.due(decision, REVIEW)).isEmpty();
      assertThat(drive.status()).isEqualTo(RUNNING);
    }

    @Test
    void T11_a_skip_goes_on_as_if_it_were_done() {
      Decision decision = drive.on(new Trigger.Skip(1, "ann", "done by hand"));

      assertThat(decision.sends()).containsExactly(new Send(2, Way.DO, 1, 0));
      assertThat(drive.cancel().answer().accepted()).isFalse();
    }

    @Test
    void T11_resolving_it_as_not_done_opens_the_way_back() {
      drive.on(new Trigger.Resolve(1, false, null, "ann", "the bank says no"));

      assertThat(drive.status()).isEqualTo(COMPENSATING);
      drive.undone(0);
      assertThat(drive.status()).isEqualTo(COMPENSATED);
    }

    @Test
    void T11_its_late_answer_settles_it_without_anybody() {
      Decision decision = drive.ok(1);

      assertThat(decision.transition()).isEqualTo(Transition.T11);
      assertThat(decision.sends()).containsExactly(new Send(2, Way.DO, 1, 0));
    }

    @Test
    void T11_the_review_retries_as_often_as_the_policy_says_and_then_reminds() {
      assertThat(drive.on(new Trigger.Rang(REVIEW)).sends()).hasSize(1);
      drive.rings(1, Way.DO);
      drive.rings(1, Way.DO);

      Decision reminder = drive.on(new Trigger.Rang(REVIEW));

      assertThat(reminder.transition()).isEqualTo(Transition.T11);
      assertThat(drive.status()).isEqualTo(PARKED_FORWARD);
      assertThat(reminder.notice()).containsInstanceOf(Notice.Parked.class);
      assertThat(Drive.due(reminder, REVIEW)).contains(drive.now + 3_600_000);
    }

    @Test
    void T12_another_step_cannot_be_skipped() {
      assertThat(drive.on(new Trigger.Skip(0, "ann", "")).answer().accepted()).isFalse();
      assertThat(drive.status()).isEqualTo(PARKED_FORWARD);
    }
  }

  @Nested
  class When_a_later_step_was_refused {
    private final Drive drive = Drive.started(SmallSagas.pivoting());

    {
      drive.ok(0);
      drive.ok(1);
      drive.refused(2);
    }

    @Test
    void T11_a_retry_has_the_participant_look_again() {
      assertThat(drive.retry().sends()).containsExactly(new Send(2, Way.DO, 1, 1));
    }

    @Test
    void T11_resolving_it_as_done_completes_the_saga() {
      drive.on(new Trigger.Resolve(2, true, null, "ann", "shipped by hand"));

      assertThat(drive.status()).isEqualTo(COMPLETED);
    }

    @Test
    void T12_there_is_no_way_back() {
      Decision decision = drive.on(new Trigger.Resolve(2, false, null, "ann", ""));

      assertThat(decision.answer().accepted()).isFalse();
      assertThat(drive.status()).isEqualTo(PARKED_FORWARD);
    }
  }

  @Nested
  class When_an_undo_failed {
    private final Drive drive = Drive.started(SmallSagas.two());

    {
      drive.ok(0);
      drive.cancel();
      drive.rings(1, Way.UNDO);
    }

    @Test
    void T11_a_retry_sends_it_again() {
      assertThat(drive.retry().sends()).containsExactly(new Send(1, Way.UNDO, 1, 0));
      assertThat(drive.status()).isEqualTo(COMPENSATING);
    }

    @Test
    void T11_a_skip_leaves_its_effect_and_undoes_the_others() {
      Decision decision = drive.on(new Trigger.Skip(1, "ann", "keep it"));

      assertThat(decision.sends()).containsExactly(new Send(0, Way.UNDO, 1, 0));
    }

    @Test
    void T12_an_effect_that_stands_is_not_resolved() {
      assertThat(drive.on(new Trigger.Resolve(1, true, null, "ann", "")).answer().accepted())
          .isFalse();
      assertThat(drive.status()).isEqualTo(PARKED_BACKWARD);
    }
  }

  @Nested
  class When_it_is_paused {
    private final Drive drive = Drive.started(SmallSagas.two());
    private final AlarmRef guard = drive.guard(0, Way.DO);
    private final Decision pause = drive.on(new Trigger.Pause("ann"));

    @Test
    void T13_its_alarms_give_way_to_the_review() {
      assertThat(pause.transition()).isEqualTo(Transition.T13);
      assertThat(Drive.due(pause, guard)).isEmpty();
      assertThat(Drive.due(pause, REVIEW)).isPresent();
      assertThat(drive.on(new Trigger.Rang(REVIEW)).transition()).isEqualTo(Transition.T13);
    }

    @Test
    void T13_an_answer_is_recorded_and_nothing_is_sent() {
      assertThat(drive.ok(0).sends()).isEmpty();
      assertThat(drive.on(new Trigger.Resume("ann")).sends())
          .containsExactly(new Send(1, Way.DO, 1, 0));
    }

    @Test
    void T14_what_was_under_way_is_sent_again() {
      Decision resumed = drive.on(new Trigger.Resume("ann"));

      assertThat(resumed.transition()).isEqualTo(Transition.T14);
      assertThat(resumed.sends()).containsExactly(new Send(0, Way.DO, 1, 0));
      assertThat(Drive.due(resumed, guard)).isPresent();
    }

    @Test
    void T14_past_its_deadline_it_goes_back() {
      drive.on(new Trigger.Rang(AlarmRef.deadline(Drive.ID)));
      drive.now += 3_600_000;

      assertThat(drive.on(new Trigger.Resume("ann")).sends())
          .containsExactly(new Send(0, Way.UNDO, 1, 0));
    }

    @Test
    void T14_a_cancel_takes_effect_when_it_is_resumed() {
      assertThat(drive.cancel().sends()).isEmpty();
      assertThat(drive.status()).isEqualTo(COMPENSATING);
      assertThat(drive.on(new Trigger.Resume("ann")).sends())
          .containsExactly(new Send(0, Way.UNDO, 1, 0));
    }
  }

  @Test
  void T11_a_pivot_that_is_to_be_tried_again_is_still_no_way_back_while_paused() {
    Drive drive = Drive.started(SmallSagas.pivoting());
    drive.ok(0);
    drive.rings(1, Way.DO);
    drive.rings(1, Way.DO);
    drive.on(new Trigger.Pause("ann"));
    drive.retry();

    assertThat(drive.cancel().answer().accepted()).isFalse();
  }
}
