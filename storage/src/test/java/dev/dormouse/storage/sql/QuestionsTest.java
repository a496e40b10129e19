package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.SqlFailure.Kind;
import dev.dormouse.room.spi.SqlPage;
import dev.dormouse.room.spi.SqlTurn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What questions may take that a stranger may have written, and whom they hold up (S4).
@Timeout(60)
class QuestionsTest extends WithSqlStore {
  private static final String FOR_EVER =
      "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

  private static Kind refused(CompletableFuture<SqlPage> answer) {
    Throwable thrown = catchThrowable(() -> join(answer));
    assertThat(thrown).isInstanceOf(SqlFailure.class);
    return ((SqlFailure) thrown).kind();
  }

  // ---- sizes

  @Test
  void S4_a_row_has_a_size_whatever_its_columns_have() {
    String mib = "zeroblob(1048576)";
    SqlTurn turn = store.sqlTurn(A);
    assertThat(exec(turn, "SELECT %s, %s".formatted(mib, mib)).rows()).hasSize(1);
    assertThat(failure(turn, "SELECT " + mib + (", " + mib).repeat(99)).kind())
        .isEqualTo(Kind.OVER_LIMIT);
    String text = "hex(zeroblob(500000))";
    assertThat(failure(turn, "SELECT %s, %s, %s".formatted(text, text, text)).kind())
        .isEqualTo(Kind.OVER_LIMIT);
    // The turn goes on.
    exec(turn, "CREATE TABLE t (a)");
    exec(turn, "INSERT INTO t VALUES (zeroblob(2097152))");
    assertThat(exec(turn, "SELECT a FROM t").rows()).hasSize(1);
    turn.end();
  }

  @Test
  void S4_a_question_is_given_smaller_values_and_no_larger_rows() {
    SqlTurn turn = store.sqlTurn(A);
    String much = "zeroblob(260000)";
    assertThat(join(ask(turn, "SELECT " + much)).rows()).hasSize(1);
    assertThat(refused(ask(turn, "SELECT zeroblob(270000)"))).isEqualTo(Kind.WRONG);
    assertThat(refused(ask(turn, "SELECT " + much + (", " + much).repeat(9))))
        .isEqualTo(Kind.OVER_LIMIT);
    assertThat(exec(turn, "SELECT zeroblob(270000)").rows()).hasSize(1);
    turn.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT json_group_array(1)",
        "SELECT \"JSON_Group_Object\"('a', 1)",
        "SELECT 1 WHERE 1 IN (SELECT jsonb_group_array(x) FROM (SELECT 1 AS x))",
        "SELECT percentile_cont(1, 0.5)",
      })
  void S4_a_question_gathers_no_rows_that_no_limit_counts(String question) {
    SqlTurn turn = store.sqlTurn(A);
    assertThat(refused(ask(turn, question))).isEqualTo(Kind.NOT_ALLOWED);
    assertThat(join(ask(turn, "SELECT 'json_group_array'")).rows()).hasSize(1);
    // The room's own statements may.
    assertThat(exec(turn, "SELECT json_group_array(1)").rows()).hasSize(1);
    turn.end();
  }

  @Test
  void S4_a_question_makes_no_program_that_is_as_long_as_others_may_be() {
    SqlTurn turn = store.sqlTurn(A);
    String column = "max(abs(random())" + ", abs(random())".repeat(30) + ")";
    String program = "SELECT " + column + (", " + column).repeat(89);
    assertThat(exec(turn, program).rows()).hasSize(1);
    assertThat(refused(ask(turn, program))).isEqualTo(Kind.OVER_LIMIT);
    assertThat(join(ask(turn, "SELECT 1")).rows()).hasSize(1);
    turn.end();
  }

  // ---- time

  private void await(CompletableFuture<?> done) throws Exception {
    for (int i = 0; i < 2_000 && !done.isDone(); i++) {
      later(Duration.ofMillis(200));
      Thread.sleep(5);
    }
    assertThat(done).isDone();
  }

  private void later(Duration step) {
    Long now = execution.stopped;
    execution.stopped = (now == null ? 0 : now) + step.toNanos();
  }

  @Test
  void S4_questions_that_take_long_hold_up_neither_writes_nor_short_questions() throws Exception {
    reopen(SqlSettings.defaults().withStatement(Long.MAX_VALUE / 2, Duration.ofDays(1)));
    execution.stopped = 0L;
    List<CompletableFuture<SqlPage>> asked = new ArrayList<>();
    List<SqlTurn> turns = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      SqlTurn turn = store.sqlTurn(room(100 + i));
      turns.add(turn);
      asked.add(ask(turn, FOR_EVER));
    }
    run(A, "CREATE TABLE t (a)");
    assertThat(asked).noneMatch(CompletableFuture::isDone);

    SqlTurn brief = store.sqlTurn(A);
    CompletableFuture<SqlPage> answer = ask(brief, "SELECT count(*) FROM t");
    for (int i = 0; i < 2_000 && !answer.isDone(); i++) {
      // Those before it are broken off after a tenth of a second, and wait elsewhere.
      later(Duration.ofMillis(101));
      Thread.sleep(5);
    }
    assertThat(join(answer).rows().getFirst()).containsExactly(0L);
    brief.end();
    assertThat(asked).noneMatch(CompletableFuture::isDone);
    turns.forEach(SqlTurn::abandon);
    for (CompletableFuture<SqlPage> each : asked) {
      assertThat(refused(each)).isIn(Kind.OVER_LIMIT, Kind.TURN_UNDONE);
    }
  }

  @Test
  void S4_a_question_that_takes_long_has_all_the_time_that_it_may_take() throws Exception {
    execution.stopped = 0L;
    SqlTurn turn = store.sqlTurn(A);
    exec(turn, "CREATE TABLE t (a)");
    CompletableFuture<SqlPage> answer = ask(turn, FOR_EVER);
    Thread.sleep(50);
    later(Duration.ofMillis(150));
    Thread.sleep(100);
    assertThat(answer).isNotDone();
    await(answer);
    assertThat(refused(answer)).isEqualTo(Kind.OVER_LIMIT);
    exec(turn, "INSERT INTO t VALUES (1)");
    join(commit(A, turn));
    assertThat(column(A, "SELECT a FROM t")).containsExactly(1L);
  }

  @Test
  void S4_a_question_of_many_rows_is_answered_to_its_end() {
    SqlTurn turn = store.sqlTurn(A);
    SqlPage page =
        join(
            ask(
                turn,
                "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n LIMIT 2000)"
                    + " SELECT x FROM n"));
    long rows = page.rows().size();
    while (!page.last()) {
      page = join(turn.more(page.cursor()));
      rows += page.rows().size();
    }
    assertThat(rows).isEqualTo(2_000);
    turn.end();
  }

  // ---- lanes

  @Test
  void S4_a_lane_is_entered_in_order_and_gives_its_place_on() throws Exception {
    Lane lane = new Lane(1, 2);
    assertThat(lane.enter()).isNull();
    var second = Objects.requireNonNull(lane.enter());
    var third = Objects.requireNonNull(lane.enter());
    assertThatExceptionOfType(Refusal.Overloaded.class).isThrownBy(lane::enter);
    lane.leave();
    assertThat(second).isDone();
    assertThat(third).isNotDone();
    lane.leave();
    assertThat(third).isDone();
    lane.leave();
    assertThat(lane.enter()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void S4_questions_of_all_rooms_are_answered_however_few_files_are_open(int files)
      throws Exception {
    reopen(SqlSettings.defaults().withOpenFiles(files));
    List<SqlTurn> turns = new ArrayList<>();
    List<CompletableFuture<SqlPage>> asked = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      SqlTurn turn = store.sqlTurn(room(i));
      turns.add(turn);
      asked.add(ask(turn, "SELECT 1").whenComplete((_, _) -> turn.end()));
    }
    for (CompletableFuture<SqlPage> each : asked) {
      assertThat(join(each).rows()).hasSize(1);
    }
    assertThat(turns).hasSize(40);
  }
}
