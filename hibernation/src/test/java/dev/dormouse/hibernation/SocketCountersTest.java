package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.Stage.Client;
import dev.dormouse.room.Admission;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Sockets.Intake;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What there is at present, as metrics show it.
class SocketCountersTest {
  private final Stage stage = new Stage(Map.of());
  private final SocketCounters counters = stage.table.counters();

  @Test
  void say_how_many_connections_have_joined() {
    Client joined = stage.client();
    Client waiting = stage.arriving(stage.hall, Admission.accept());
    Effect join = new Effect.Join(waiting.key, Set.of());
    assertThat(stage.table.connections()).isEqualTo(2);
    assertThat(counters.joined.sum()).isEqualTo(1);

    stage.apply(join, join);
    assertThat(counters.joined.sum()).isEqualTo(2);
    stage.apply(
        new Effect.Close(joined.key, Stage.DONE),
        new Effect.Leave(joined.key),
        new Effect.Leave(waiting.key));
    assertThat(counters.joined.sum()).isZero();
  }

  @Test
  void O6_say_how_many_sockets_are_not_read() {
    Client a = stage.client();
    Client b = stage.client();
    stage.intake = () -> Intake.PAUSE;
    a.says("x");
    a.says("x");
    b.says("x");
    assertThat(counters.paused.sum()).isEqualTo(2);

    b.vanishes();
    assertThat(counters.paused.sum()).isEqualTo(1);
    stage.table.resume(stage.hall);
    assertThat(counters.paused.sum()).isZero();
  }

  @Test
  void O6_forget_a_socket_that_went_while_its_room_was_asked() {
    Client a = stage.client();
    stage.intake =
        () -> {
          a.vanishes();
          return Intake.PAUSE;
        };

    assertThat(a.says("x")).isTrue();

    assertThat(counters.paused.sum()).isZero();
  }
}
