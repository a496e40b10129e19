package dev.dormouse.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is stored today must be read by every later version: the bytes are part of the promise.
class CodecTest {
  private static final String ODD = "\"\\\u0001\n\ud800 \u00e9 \ud83d\ude00 {}:,";

  private static SagaRow row(SagaState state) {
    return new SagaRow("id", "order", 3, state, true, 9, ODD, 4, 1, 7, 8, List.of());
  }

  private static Sheet sheet(SagaState state) {
    StepRow step = new StepRow(1, StepRow.Act.UNKNOWN, 2, 3, 4, StepRow.Undo.BACKING_OFF, 5);
    return new Sheet(
        row(state).steps(List.of(StepRow.pending(0), step)),
        Map.of(AlarmRef.review("id"), 5L, AlarmRef.step("id", Way.UNDO, 1, 2), 6L),
        List.of(
            new LogLine(9, 2, Transition.T1_AGAIN, -1, ODD, SagaStatus.RUNNING),
            new LogLine(10, 3, Transition.T2, 1, "", SagaStatus.RUNNING)),
        Map.of(RowKeys.input("id"), new byte[] {1}, RowKeys.result("id", 0), new byte[] {2}));
  }

  static List<SagaState> states() {
    return List.of(
        new SagaState.Running(2),
        new SagaState.Compensating(),
        new SagaState.ParkedForward(1),
        new SagaState.ParkedBackward(3),
        new SagaState.Completed(),
        new SagaState.Compensated());
  }

  @ParameterizedTest
  @MethodSource("states")
  void a_head_row_comes_back(SagaState state) {
    Sheet sheet = sheet(state);
    assertThat(SheetCodec.sheet(SheetCodec.sheet(sheet)))
        .usingRecursiveComparison()
        .isEqualTo(sheet);
  }

  @Test
  void the_other_rows_come_back() {
    List<LogLine> lines =
        List.of(new LogLine(1, 2, Transition.T1_AGAIN, -1, ODD, SagaStatus.RUNNING));
    DeadRow dead = new DeadRow("id", 1, Way.UNDO, ODD, 2, 3, "ann", "note");

    assertThat(SheetCodec.lines(SheetCodec.block(lines))).isEqualTo(lines);
    assertThat(RowCodec.dead(RowCodec.dead(dead))).isEqualTo(dead);
  }

  @Test
  void names_of_fields_are_what_they_were() {
    SagaRow saga = row(new SagaState.Running(2)).cause("c").steps(List.of(StepRow.pending(0)));
    StepRow step = StepRow.pending(0).sent(Way.DO, 1).ordered(1);
    assertThat(
            text(
                SheetCodec.sheet(
                    new Sheet(
                        saga.steps(List.of(step)),
                        Map.of(AlarmRef.step("id", Way.DO, 0, 1), 5L),
                        List.of(new LogLine(4, 3, Transition.T2, 1, "a b", SagaStatus.RUNNING)),
                        Map.of(RowKeys.result("id", 0), new byte[] {1})))))
        .isEqualTo(
            "{\"v\":2,\"id\":\"id\",\"definition\":\"order\",\"version\":3,\"status\":\"RUNNING\","
                + "\"place\":2,\"paused\":true,\"deadline\":9,\"cause\":\"c\",\"revision\":4,"
                + "\"automatic\":1,\"started\":7,\"ended\":8,\"steps\":1,"
                + "\"step/0\":\"STARTED 1 0 1 NONE 0\",\"due/do/0/1\":5,\"result/0\":\"AQ==\","
                + "\"log/4\":\"3 T2 1 RUNNING a b\"}");
    assertThat(
            text(
                SheetCodec.sheet(
                    Sheet.none(SagaRow.none("id", Plan.NONE).state(new SagaState.Completed())))))
        .isEqualTo(
            "{\"v\":2,\"id\":\"id\",\"definition\":\"\",\"version\":0,\"status\":\"COMPLETED\","
                + "\"revision\":0,\"started\":0,\"steps\":0}");
  }

  static List<Target> targets() {
    byte[] id = new byte[RoomId.BYTES];
    return List.of(
        Target.room("stock", "depot/7"),
        Target.room(RoomId.of("stock", id, "depot")),
        Target.room(RoomId.of("stock", id, null)),
        new Target.Service("bank"));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void a_command_comes_back(Target target) {
    for (Optional<Repeat> repeat :
        List.of(
            Optional.<Repeat>empty(),
            Optional.of(Repeat.idempotent()),
            Optional.of(Repeat.lookup("find")))) {
      byte[] payload = {0, -1, 5};
      SagaCommand command =
          new SagaCommand(
              "id", 7, "pay", new Send(1, Way.UNDO, 2, 0), target, "op", "key", repeat, payload);

      SagaCommand back = MessageCodec.command(MessageCodec.command(command));

      assertThat(back).usingRecursiveComparison().isEqualTo(command);
    }
  }

  static List<Trigger.Reply> replies() {
    return List.of(
        new Trigger.Ok(1, new byte[] {4}),
        new Trigger.Ok(1, null),
        new Trigger.Refused(2, ODD),
        new Trigger.Undone(3),
        new Trigger.Failed(4, Way.DO, 2, "busy", "later"));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void an_answer_comes_back(Trigger.Reply reply) {
    assertThat(MessageCodec.reply(MessageCodec.reply(reply)))
        .usingRecursiveComparison()
        .isEqualTo(reply);
  }

  static List<ParticipantRecord> records() {
    return List.of(
        new ParticipantRecord.Applied(new byte[] {4}),
        new ParticipantRecord.Applied(null),
        new ParticipantRecord.Refused("no", 2),
        new ParticipantRecord.Due(1, Long.MAX_VALUE),
        new ParticipantRecord.Reversed(),
        new ParticipantRecord.Blocked());
  }

  @ParameterizedTest
  @MethodSource("records")
  void a_participants_record_comes_back(ParticipantRecord record) {
    assertThat(MessageCodec.record(MessageCodec.record(record)))
        .usingRecursiveComparison()
        .isEqualTo(record);
  }

  @Test
  void the_name_of_an_alarm_comes_back() {
    for (AlarmRef ref :
        List.of(
            AlarmRef.step("a:b", Way.DO, 3, 12),
            AlarmRef.step("a", Way.UNDO, 0, 1),
            AlarmRef.deadline("a"),
            AlarmRef.review("a"))) {
      assertThat(AlarmRef.parse(ref.name())).isEqualTo(ref);
      assertThat(AlarmRef.isOne(ref.name())).isTrue();
    }
    assertThatThrownBy(() -> AlarmRef.parse("mine")).hasMessageContaining("'mine'");
  }

  @Test
  void a_row_of_a_later_format_is_refused() {
    assertThatThrownBy(() -> RowCodec.dead("{\"v\":3}".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("format 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}x",
        "{\"v\"}",
        "{\"v\":}",
        "{\"v\":1,}",
        "{\"v\":\"1}",
        "{\"v\":nope}",
        "{\"v\":\"\\q\"}",
        "{\"v\":\"\\u12\"}",
        "{\"v\":\"1\"}",
        "{\"v\":true}",
        "{\"v\":1}"
      })
  void a_damaged_row_is_refused(String text) {
    assertThatThrownBy(() -> SheetCodec.sheet(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String text(byte[] bytes) {
    return Texts.text(bytes);
  }
}
