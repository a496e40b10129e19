package dev.dormouse.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.saga.engine.Model.Scope;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The exploration would find each classic error: shows that [ModelTest] can fail.
class MistakesTest {

  @ParameterizedTest
  @EnumSource
  void each_classic_error_is_caught(Mistakes mistake) {
    Optional<String> caught = Model.explore(scope(mistake), mistake).broken();

    assertThat(caught).get().asString().startsWith(mistake.caughtAs());
  }

  private static Scope scope(Mistakes mistake) {
    return switch (mistake) {
      case NO_TOMBSTONE,
          NO_DEDUPLICATION,
          SKIPS_THE_UNKNOWN,
          DELETES_ALARMS_FIRST,
          SENDS_BEFORE_THE_COMMIT,
          PARKS_WITHOUT_AN_ALARM,
          LEAVES_ALARMS_BEHIND,
          UNDOES_FORWARD ->
          new Scope(SmallSagas.two(), false, false, false, false, 0, 100_000);
      case DOES_AGAIN_WHAT_IS_DUE, UNDOES_NOTHING_THAT_IS_DUE, HEARS_ANSWERS_TO_WHAT_IS_UNDONE ->
          new Scope(SmallSagas.two(), false, false, false, false, 0, 100_000).answeringLater();
      case MARKS_FIRST -> new Scope(SmallSagas.two(), false, true, false, false, 0, 100_000);
      case FIRST_OF_A_GROUP_WINS ->
          new Scope(SmallSagas.group(), false, false, false, false, 0, 100_000);
      case CANCELS_AFTER_THE_PIVOT, PAUSE_HOLDS_NOTHING ->
          new Scope(SmallSagas.pivoting(), false, false, false, false, 1, 100_000);
    };
  }
}
