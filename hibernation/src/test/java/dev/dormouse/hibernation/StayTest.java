package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.RestingWires.Line;
import dev.dormouse.hibernation.Stage.Client;
import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Effect;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Connections that may stay for a time, and those that may only read.
class StayTest {
  private static final long ANN = 7L << 40;

  private final ScriptedDoorman doorman = new ScriptedDoorman();
  private final Stage stage = new Stage(Map.of("porter", doorman));
  private final RestingWires wires = new RestingWires(stage.table);
  private final List<String> looked = new ArrayList<>();

  StayTest() {
    stage.table.renewBy(new Tokens());
  }

  /// Tokens are `token until holder`, in seconds, or `token later`, or anything that is refused.
  private final class Tokens implements Renewals {
    @Override
    public @Nullable String tokenIn(Message message) {
      String text = new String(message.bytes(), StandardCharsets.UTF_8);
      return text.startsWith("token ") ? text.substring(6) : null;
    }

    @Override
    public Answer look(RoomId room, String token, long holder, boolean reads) {
      looked.add(token + " of " + holder + (reads ? " reading" : ""));
      if (token.equals("later")) {
        return new Answer.Later();
      }
      return token.matches("[0-9]+")
          ? new Answer.Stays(stay(Integer.parseInt(token)))
          : new Answer.Ends(new CloseStatus(4401, "no"));
    }
  }

  private static Stay stay(int second) {
    return Stay.until(Instant.ofEpochSecond(second), ANN, 0);
  }

  private Line line(int number, Stay stay) {
    Line line = wires.line(number);
    line.key = wires.socket(line).attach(stage.hall, Admission.accept(), stay);
    stage.apply(new Effect.Join(line.key, Set.of()));
    return line;
  }

  @Nested
  class A_connection_whose_token_is_revoked {
    private Stay by(long token) {
      return Stay.until(Instant.ofEpochSecond(5_000), ANN, token);
    }

    @Test
    void C8_is_closed_and_others_stay_whether_they_are_packed_or_not() {
      Line asleep = line(0, by(1));
      Line other = line(1, by(2));
      asleep.rests();
      other.rests();
      stage.execution.passSeconds(100);
      assertThat(stage.table.packed()).isEqualTo(2);

      stage.table.revoke(stay -> stay.token() == 1);

      assertThat(asleep.heard).containsExactly("close 4401");
      assertThat(other.heard).isEmpty();
      assertThat(stage.table.counters().revoked.sum()).isEqualTo(1);

      stage.table.revoke(stay -> stay.holder() == ANN);

      assertThat(other.heard).containsExactly("close 4401");
    }

    @Test
    void is_closed_and_counted_once_if_two_find_it_at_the_same_moment() {
      Line line = line(0, by(1));
      List<Integer> looks = new ArrayList<>();
      stage.table.revoke(stay -> {
        // The second look is the last one before it is closed.
        looks.add(1);
        if (looks.size() == 2) {
          stage.table.revoke(each -> each.token() == 1);
        }
        return stay.token() == 1;
      });

      assertThat(looks).hasSize(2);
      assertThat(line.heard).containsExactly("close 4401");
      assertThat(stage.table.counters().revoked.sum()).isEqualTo(1);
    }

    @Test
    void is_told_from_all_others_packed_or_not() {
      long one = 1L << 33;
      Line gone = line(0, by(one + 5));
      Line other = line(1, by(5));
      gone.rests();
      other.rests();
      stage.execution.passSeconds(100);
      assertThat(stage.table.packed()).isEqualTo(2);

      stage.table.revoke(stay -> stay.token() == one + 5);

      assertThat(gone.heard).containsExactly("close 4401");
      assertThat(other.heard).isEmpty();
    }

    @Test
    void C8_is_closed_as_well_if_it_comes_after_its_token_was_looked_at() {
      stage.table.revoke(stay -> stay.token() == 1);
      Line late = line(0, by(1));
      Line other = line(1, Stay.WITHOUT_END);
      stage.execution.passSeconds(1);
      assertThat(late.heard).containsExactly("close 4401");
      assertThat(other.heard).isEmpty();
    }
  }

  @Nested
  class A_person_with_too_many_connections {
    private final List<Long> left = new ArrayList<>();

    @Test
    void gets_no_more_and_each_that_ends_is_counted_out_once() {
      stage.table.countBy(
          new Crowd() {
            private int places = 2;

            @Override
            public boolean enter(long holder) {
              return places-- > 0;
            }

            @Override
            public void leave(long holder) {
              left.add(holder);
            }
          });
      Line first = line(0, stay(5_000));
      Line second = line(1, stay(5_000));
      Line third = wires.line(2);
      wires.socket(third).attach(stage.hall, Admission.accept(), stay(5_000));

      assertThat(third.heard).containsExactly("close 1013");
      first.rests();
      second.rests();
      stage.execution.passSeconds(100);
      assertThat(stage.table.packed()).isEqualTo(2);
      assertThat(left).isEmpty();
      first.vanishes();
      stage.apply(new Effect.Leave(first.key));
      stage.apply(new Effect.Leave(first.key));
      assertThat(left).containsExactly(ANN);
    }
  }

  @Nested
  class A_connection_whose_time_ends {
    @Test
    void C8_is_closed_at_that_second_and_no_sooner() {
      Line line = line(0, stay(200));
      stage.execution.passSeconds(199);
      assertThat(line.heard).isEmpty();

      stage.execution.passSeconds(2);

      assertThat(line.heard).containsExactly("close 4401");
      assertThat(stage.table.counters().expired.sum()).isEqualTo(1);
    }

    @Test
    void C8_is_closed_as_well_while_it_is_packed_and_its_room_is_told_nothing_before() {
      Line line = line(0, stay(200));
      Line other = line(1, stay(5_000));
      stage.taken();
      line.rests();
      other.rests();
      stage.execution.passSeconds(100);
      assertThat(stage.table.packed()).isEqualTo(2);

      stage.execution.passSeconds(102);

      assertThat(line.heard).containsExactly("close 4401");
      assertThat(other.heard).isEmpty();
      assertThat(stage.taken()).as("no room is woken").isEmpty();
    }

    @Test
    void leaves_no_timer_behind_once_it_is_gone() {
      Line line = line(0, stay(200));
      line.vanishes();
      stage.apply(new Effect.Leave(line.key));
      stage.execution.passSeconds(201);
      assertThat(stage.execution.timers()).isZero();
    }

    @Test
    void keeps_its_time_through_being_packed_again_and_again() {
      Line line = line(0, stay(300));
      for (int i = 0; i < 10; i++) {
        line.rests();
        stage.execution.passSeconds(20);
        assertThat(line.isPacked()).isTrue();
        line.says("still here");
      }
      stage.execution.passSeconds(99);
      assertThat(line.heard).isEmpty();
      stage.execution.passSeconds(3);
      assertThat(line.heard).containsExactly("close 4401");
    }

    @Test
    void C8_stays_longer_with_another_token() {
      Line line = line(0, stay(200));
      stage.execution.passSeconds(150);
      line.says("token 400");
      stage.execution.passSeconds(240);
      assertThat(line.heard).isEmpty();
      assertThat(looked).containsExactly("400 of " + ANN);
      stage.execution.passSeconds(12);
      assertThat(line.heard).containsExactly("close 4401");
    }

    @Test
    void shows_its_token_to_nobody_else() {
      Line line = line(0, stay(200));
      stage.taken();
      line.says("token 400");
      assertThat(stage.taken()).isEmpty();
    }

    @Test
    void stays_longer_when_it_is_packed_after_it() {
      Line line = line(0, stay(200));
      line.says("token 400");
      line.rests();
      stage.execution.passSeconds(300);
      assertThat(line.isPacked()).isTrue();
      assertThat(line.heard).isEmpty();
      stage.execution.passSeconds(103);
      assertThat(line.heard).containsExactly("close 4401");
    }

    @Test
    void ends_by_a_token_that_is_no_good() {
      Line line = line(0, stay(200));
      line.says("token bad");
      assertThat(line.heard).containsExactly("close 4401");
    }

    @Test
    void stays_as_it_was_if_nothing_can_be_said_of_its_token() {
      Line line = line(0, stay(200));
      line.says("token later");
      stage.execution.passSeconds(199);
      assertThat(line.heard).isEmpty();
      stage.execution.passSeconds(2);
      assertThat(line.heard).containsExactly("close 4401");
    }
  }

  @Nested
  class A_connection_without_end {
    @Test
    void is_looked_at_by_nobody() {
      Client client = stage.client();
      stage.execution.passSeconds(10_000);
      assertThat(client.heard()).isEmpty();
      assertThat(stage.execution.timers()).isZero();
    }

    @Test
    void stays_so_whatever_token_it_shows() {
      Client client = stage.client();
      client.says("token 400");
      stage.execution.passSeconds(500);
      assertThat(client.heard()).isEmpty();
    }
  }

  @Nested
  class A_connection_that_may_only_read {
    private Client reader(Admission.Accepted how) {
      Client client = stage.arriving(stage.hall, how.atMost(Access.READ));
      stage.apply(new Effect.Join(client.key, Set.of()));
      stage.taken();
      return client;
    }

    @Test
    void C8_is_not_heard_by_its_room_and_hears_it() {
      Client client = reader(Admission.accept());
      assertThat(client.says("let me in")).as("it is read on").isTrue();
      assertThat(stage.taken()).isEmpty();
      assertThat(stage.table.counters().unheard.sum()).isEqualTo(1);
      stage.apply(Stage.broadcast("news"));
      assertThat(client.heard()).containsExactly("news");
    }

    @Test
    void is_told_so_if_it_asked_for_such_words() {
      Client client = reader(Admission.accept().speaking(SocketTable.PLATFORM_PROTOCOL));
      client.says("let me in");
      assertThat(client.heard()).containsExactly("refused: this connection may only read");
    }

    @Test
    void C8_is_not_heard_after_it_was_packed_either() {
      Line line = wires.line(0);
      line.key =
          wires.socket(line).attach(stage.hall, Admission.accept().atMost(Access.READ), stay(500));
      stage.apply(new Effect.Join(line.key, Set.of()));
      stage.taken();
      line.rests();
      stage.execution.passSeconds(30);
      assertThat(line.isPacked()).isTrue();

      line.says("let me in");
      line.says("token 600");

      assertThat(stage.taken()).isEmpty();
      assertThat(looked).containsExactly("600 of " + ANN + " reading");
    }

    @Test
    void gets_its_automatic_responses() {
      Client client = reader(Admission.accept());
      stage.apply(new Effect.AutoRespond(Message.of("ping"), Message.of("pong")));
      client.says("ping");
      assertThat(client.heard()).containsExactly("pong");
    }
  }
}
