package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.Stage.Client;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.spi.Doorman.KeepAlive;
import dev.dormouse.room.spi.Effect;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// C6: connections that were sent nothing for a while are fed by the socket side.
class KeepAliveTest {
  private final ScriptedDoorman feeder =
      new ScriptedDoorman(new KeepAlive(Duration.ofSeconds(20), Message.of("food")));
  private final Stage stage = new Stage(Map.of("feeder", feeder, "mean", new ScriptedDoorman()));

  @Test
  void C6_a_silent_connection_is_fed_again_and_again_and_nobody_wakes() {
    Client ada = stage.client("feeder");
    stage.taken();

    stage.execution.passSeconds(19);
    assertThat(ada.heard()).isEmpty();
    stage.execution.passSeconds(1);
    assertThat(ada.heard()).containsExactly("food");
    stage.execution.passSeconds(40);
    assertThat(ada.heard()).containsExactly("food", "food");

    assertThat(stage.taken()).isEmpty();
    assertThat(stage.table.counters().fed.sum()).isEqualTo(3);
  }

  @Test
  void C6_what_it_says_itself_feeds_nobody() {
    Client ada = stage.client("feeder");

    for (int i = 0; i < 20; i++) {
      ada.says("pass");
      stage.execution.passSeconds(1);
    }

    assertThat(ada.heard()).containsExactly("food");
  }

  @Test
  void C6_a_send_a_broadcast_an_answer_and_a_relay_each_put_it_off() {
    Client ada = stage.client("feeder");
    Client bob = stage.client("feeder");

    stage.execution.passSeconds(19);
    stage.apply(Stage.send(ada, "1"));
    stage.execution.passSeconds(19);
    stage.apply(Stage.broadcast("2"));
    stage.execution.passSeconds(19);
    ada.says("answer 3");
    stage.execution.passSeconds(19);
    bob.says("relay 4");
    stage.execution.passSeconds(19);
    assertThat(ada.heard()).containsExactly("1", "2", "3", "4");

    stage.execution.passSeconds(1);
    assertThat(ada.heard()).containsExactly("food");
  }

  @Test
  void C6_each_is_fed_in_its_own_time() {
    Client ada = stage.client("feeder");
    stage.execution.passSeconds(7);
    Client bob = stage.client("feeder");

    stage.execution.passSeconds(13);
    assertThat(ada.heard()).containsExactly("food");
    assertThat(bob.heard()).isEmpty();
    stage.execution.passSeconds(7);
    assertThat(ada.heard()).isEmpty();
    assertThat(bob.heard()).containsExactly("food");
  }

  @Test
  void C6_those_of_another_doorman_and_those_that_are_closing_are_not_fed() {
    Client closing = stage.client("feeder");
    Client mean = stage.client("mean");
    stage.apply(new Effect.Close(closing.key, Stage.DONE));
    closing.heard();

    stage.execution.passSeconds(60);

    assertThat(closing.heard()).isEmpty();
    assertThat(mean.heard()).isEmpty();
    assertThat(stage.table.counters().dropped.sum()).isZero();
  }

  @Test
  void no_timer_runs_when_nobody_is_there() {
    Client ada = stage.client("feeder");
    assertThat(stage.execution.timers()).isEqualTo(1);

    ada.vanishes();
    stage.execution.passSeconds(21);

    assertThat(stage.execution.timers()).isZero();
  }

  @Test
  void H5_nobody_is_fed_when_the_server_stops() {
    Client ada = stage.client("feeder");

    stage.table.silence(new RoomException.GoingAway("stopping"));
    stage.execution.passSeconds(60);

    assertThat(ada.heard()).isEmpty();
    assertThat(stage.execution.timers()).isZero();
  }
}
