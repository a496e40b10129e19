package dev.dormouse.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The participant's table, cell by cell.
class ParticipationTest {
  private static final byte[] RESULT = {1};
  private static final ParticipantRecord NONE = new ParticipantRecord.None();
  private static final ParticipantRecord APPLIED = new ParticipantRecord.Applied(RESULT);
  private static final ParticipantRecord REFUSED = new ParticipantRecord.Refused("no", 0);
  private static final ParticipantRecord REVERSED = new ParticipantRecord.Reversed();
  private static final ParticipantRecord BLOCKED = new ParticipantRecord.Blocked();
  private static final ParticipantRecord DUE = new ParticipantRecord.Due(0, 7);
  private static final Send DO = new Send(2, Way.DO, 1, 0);
  private static final Send DO_ANEW = new Send(2, Way.DO, 1, 1);
  private static final Send UNDO = new Send(2, Way.UNDO, 3, 0);
  private static final Trigger.Reply UNDONE = new Trigger.Undone(2);
  private static final Trigger.Reply LATE = new Trigger.Refused(2, Bits.LATE);

  record Cell(ParticipantRecord record, Send command, Ruling ruling) {}

  static List<Cell> cells() {
    return List.of(
        new Cell(NONE, DO, new Ruling.Apply()),
        new Cell(NONE, UNDO, new Ruling.Say(BLOCKED, UNDONE)),
        new Cell(APPLIED, DO, new Ruling.Say(APPLIED, new Trigger.Ok(2, RESULT))),
        new Cell(APPLIED, UNDO, new Ruling.Reverse()),
        new Cell(DUE, DO, new Ruling.Wait()),
        new Cell(DUE, DO_ANEW, new Ruling.Wait()),
        new Cell(DUE, UNDO, new Ruling.Reverse()),
        new Cell(REFUSED, DO, new Ruling.Say(REFUSED, new Trigger.Refused(2, "no"))),
        new Cell(REFUSED, DO_ANEW, new Ruling.Apply()),
        new Cell(REFUSED, UNDO, new Ruling.Say(REFUSED, UNDONE)),
        new Cell(REVERSED, DO, new Ruling.Say(REVERSED, LATE)),
        new Cell(REVERSED, UNDO, new Ruling.Say(REVERSED, UNDONE)),
        new Cell(BLOCKED, DO, new Ruling.Say(BLOCKED, LATE)),
        new Cell(BLOCKED, DO_ANEW, new Ruling.Say(BLOCKED, LATE)),
        new Cell(BLOCKED, UNDO, new Ruling.Say(BLOCKED, UNDONE)));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void I1_a_record_and_a_command_have_one_ruling(Cell cell) {
    assertThat(Participation.on(cell.record(), cell.command())).isEqualTo(cell.ruling());
  }

  @Test
  void I1_an_answer_that_is_due_counts_once() {
    Ruling.Say say = Participation.answered(DUE, 2, 7, RESULT).orElseThrow();

    assertThat(say).isEqualTo(new Ruling.Say(APPLIED, new Trigger.Ok(2, RESULT)));
    assertThat(Participation.answered(say.record(), 2, 7, RESULT)).isEmpty();
    assertThat(Participation.refusedLater(say.record(), 2, 7, "no")).isEmpty();
  }

  @Test
  void a_refusal_that_is_due_is_one_of_the_round_in_which_it_was_begun() {
    ParticipantRecord due = Participation.later(DO_ANEW, 7);

    assertThat(Participation.refusedLater(due, 2, 7, "no"))
        .contains(
            new Ruling.Say(new ParticipantRecord.Refused("no", 1), new Trigger.Refused(2, "no")));
  }

  @ParameterizedTest
  @MethodSource("others")
  void I1_nobody_waits_for_an_answer_to(ParticipantRecord other) {
    assertThat(Participation.answered(other, 2, 7, RESULT)).isEmpty();
    assertThat(Participation.refusedLater(other, 2, 7, "no")).isEmpty();
  }

  static List<ParticipantRecord> others() {
    return List.of(NONE, APPLIED, REFUSED, REVERSED, BLOCKED, new ParticipantRecord.Due(0, 8));
  }
}
