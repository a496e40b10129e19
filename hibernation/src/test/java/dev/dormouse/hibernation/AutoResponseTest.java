package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.Stage.Client;
import dev.dormouse.room.Admission;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Effect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// C6: exact requests that the socket side answers for a room.
class AutoResponseTest {
  private final ScriptedDoorman porter = new ScriptedDoorman();
  private final Stage stage = new Stage(Map.of("porter", porter));

  private static Effect answering(String request, String answer) {
    return new Effect.AutoRespond(Message.of(request), Message.of(answer));
  }

  private static Message binary(String text) {
    return Message.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void C6_an_exact_request_is_answered_while_the_room_sleeps() {
    Client ada = stage.client();
    stage.apply(answering("ping", "pong"));
    stage.taken();

    assertThat(ada.says("ping")).isTrue();

    assertThat(ada.heard()).containsExactly("pong");
    assertThat(stage.taken()).isEmpty();
    assertThat(stage.table.counters().autoResponses.sum()).isEqualTo(1);
  }

  @Test
  void C6_anything_else_enters_the_room() {
    Client ada = stage.client();
    stage.apply(answering("ping", "pong"));
    stage.taken();

    ada.says("pin");
    ada.says("pings");
    ada.socket.received(ada.key, binary("ping"));

    assertThat(ada.heard()).isEmpty();
    assertThat(stage.taken()).hasSize(3);
  }

  @Test
  void C6_a_binary_request_is_answered_by_whatever_was_set() {
    Client ada = stage.client();
    stage.apply(new Effect.AutoRespond(binary("ping"), Message.of("pong")));
    stage.taken();

    ada.socket.received(ada.key, binary("ping"));
    ada.says("ping");

    assertThat(ada.heard()).containsExactly("pong");
    assertThat(stage.taken()).containsExactly("room1 received " + ada.key + " ping");
  }

  @Test
  void C6_the_room_may_change_and_end_it() {
    Client ada = stage.client();
    stage.apply(answering("ping", "pong"), answering("ping", "pung"));
    ada.says("ping");
    assertThat(ada.heard()).containsExactly("pung");

    stage.taken();
    stage.apply(new Effect.AutoRespond(null, null));
    ada.says("ping");
    assertThat(ada.heard()).isEmpty();
    assertThat(stage.taken()).hasSize(1);
  }

  @Test
  void C6_the_last_time_is_kept_for_each_connection() {
    Client ada = stage.client();
    Client bob = stage.client();
    stage.apply(answering("ping", "pong"));
    assertThat(stage.table.lastAutoResponse(stage.hall, ada.key)).isEmpty();

    ada.says("ping");
    assertThat(stage.table.lastAutoResponse(stage.hall, ada.key)).hasValue(0);
    stage.execution.passSeconds(3);
    ada.says("ping");

    assertThat(stage.table.lastAutoResponse(stage.hall, ada.key)).hasValue(3_000);
    assertThat(stage.table.lastAutoResponse(stage.hall, bob.key)).isEmpty();
    stage.apply(new Effect.Leave(ada.key));
    assertThat(stage.table.lastAutoResponse(stage.hall, ada.key)).isEmpty();
  }

  @Test
  void C6_it_holds_for_all_connections_of_the_room_and_for_no_other_room() {
    Client ada = stage.client();
    stage.apply(answering("ping", "pong"));
    Client later = stage.arriving(stage.hall, Admission.accept());
    Client upstairs = stage.arriving(stage.attic, Admission.accept());

    later.says("ping");
    upstairs.says("ping");

    assertThat(later.heard()).containsExactly("pong");
    assertThat(upstairs.heard()).isEmpty();
    assertThat(ada.heard()).isEmpty();
  }

  @Test
  void C6_it_goes_before_the_doorman() {
    Client ada = stage.client("porter");
    stage.apply(answering("answer doorman", "room"));

    ada.says("answer doorman");
    ada.says("answer 2");

    assertThat(ada.heard()).containsExactly("room", "2");
  }

  @Test
  void C6_it_has_no_effect_on_a_room_without_connections_and_ends_with_the_last() {
    stage.apply(answering("ping", "pong"));
    Client ada = stage.client();
    ada.says("ping");
    assertThat(ada.heard()).isEmpty();

    stage.apply(answering("ping", "pong"), new Effect.Leave(ada.key));
    Client bob = stage.client();
    bob.says("ping");
    assertThat(bob.heard()).isEmpty();
  }

  @Test
  void a_connection_that_is_shut_gets_none() {
    Client ada = stage.client();
    stage.table.apply(
        stage.hall, List.of(answering("ping", "pong"), new Effect.Close(ada.key, Stage.DONE)));
    ada.heard();

    assertThat(ada.says("ping")).isTrue();

    assertThat(ada.heard()).isEmpty();
    assertThat(stage.table.lastAutoResponse(stage.hall, ada.key)).isEmpty();
  }
}
