package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.Stage.Client;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Doorman;
import dev.dormouse.room.spi.Doorman.Verdict;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Sockets.Intake;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// C6: what whoever reads a socket learns of a message, before and after it is heard.
class HeardTest {
  private final Stage stage = new Stage(Map.of("picky", new Picky()));

  /// Keeps what begins with a star.
  private static final class Picky implements Doorman, Doorman.Porch {
    @Override
    public Porch open(int maxBytes) {
      return this;
    }

    @Override
    public List<Verdict> hears(long connection, Message message, long now) {
      return FakeWire.text(message).startsWith("*") ? List.of() : Verdict.PASS;
    }

    @Override
    public int bytes() {
      return 0;
    }
  }

  private static Heard hear(Client client, String text) {
    return client.socket.hear(client.key, Message.of(text));
  }

  private static boolean spares(Client client, String text) {
    return client.socket.spares(client.key, Message.of(text));
  }

  @Test
  void C6_a_message_may_be_spared_if_the_automatic_response_or_a_doorman_has_it_first() {
    Client ada = stage.client();
    Client bob = stage.client("picky");
    stage.apply(new Effect.AutoRespond(Message.of("ping"), Message.of("pong")));

    assertThat(spares(ada, "ping")).isTrue();
    assertThat(spares(ada, "pin")).isFalse();
    assertThat(spares(bob, "anything")).isTrue();
    assertThat(ada.heard()).as("nothing is done by asking").isEmpty();
  }

  @Test
  void C6_nothing_is_spared_for_a_connection_that_is_gone() {
    Client ada = stage.client("picky");
    stage.apply(new Effect.Leave(ada.key));

    assertThat(spares(ada, "anything")).isFalse();
    assertThat(hear(ada, "anything")).isEqualTo(Heard.SPARED);
  }

  @Test
  void C6_what_became_of_it_is_told() {
    Client bob = stage.client("picky");
    stage.apply(new Effect.AutoRespond(Message.of("ping"), Message.of("pong")));
    stage.taken();

    assertThat(hear(bob, "ping")).isEqualTo(Heard.SPARED);
    assertThat(hear(bob, "*kept")).isEqualTo(Heard.SPARED);
    assertThat(stage.taken()).isEmpty();
    assertThat(hear(bob, "passed")).isEqualTo(Heard.POSTED);
    stage.intake = () -> Intake.PAUSE;
    assertThat(hear(bob, "too much")).isEqualTo(Heard.BEHIND);
    assertThat(hear(bob, "*kept")).isEqualTo(Heard.SPARED);
    assertThat(stage.taken()).hasSize(2);
  }

  @Test
  void O6_a_room_that_catches_up_meanwhile_is_not_behind() {
    Client bob = stage.client("picky");
    stage.intake =
        () -> {
          stage.table.resume(stage.hall);
          return Intake.PAUSE;
        };

    assertThat(hear(bob, "passed")).isEqualTo(Heard.POSTED);
  }
}
