package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.RestingWires.Line;
import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// H3: connections with which nothing goes on are numbers in arrays, and nobody can tell.
class PackingTest {
  private static final int LONG = 30;

  private final ScriptedDoorman doorman = new ScriptedDoorman();
  private final Stage stage = new Stage(Map.of("porter", doorman));
  private final RestingWires wires = new RestingWires(stage.table);
  private final List<Line> lines = new ArrayList<>();

  private Line joins(Admission.Accepted admission, String... tags) {
    Line line = wires.line(lines.size());
    line.key = wires.socket(line).attach(stage.hall, admission);
    stage.apply(new Effect.Join(line.key, Set.of(tags)));
    lines.add(line);
    return line;
  }

  private Line joins(String... tags) {
    return joins(Admission.accept(), tags);
  }

  private void allRest() {
    lines.forEach(Line::rests);
    stage.execution.passSeconds(LONG);
    stage.taken();
  }

  private static Effect broadcastTo(String tag, String text) {
    return new Effect.Broadcast(tag, Message.of(text), Set.of());
  }

  @Nested
  class A_room_whose_sockets_rest {
    @Test
    void H3_is_packed_once_it_has_said_nothing_for_a_while() {
      joins();
      joins();
      allRest();

      assertThat(stage.table.packed()).isEqualTo(2);
      assertThat(lines).allMatch(Line::isPacked);
      assertThat(stage.table.sockets()).isEqualTo(2);
      assertThat(stage.table.connections()).isEqualTo(2);
      assertThat(stage.table.connectedRooms()).isEqualTo(1);
      assertThat(stage.table.hasConnections(stage.hall)).isTrue();
      assertThat(stage.table.hasConnections(stage.attic)).isFalse();
      assertThat(stage.table.counters().joined.sum()).isEqualTo(2);
      assertThat(stage.execution.timers()).as("nothing is looked at any more").isZero();
    }

    @Test
    void H3_is_not_packed_while_it_speaks() {
      joins();
      lines.forEach(Line::rests);
      for (int i = 0; i < LONG; i++) {
        stage.execution.passSeconds(1);
        stage.apply(Stage.broadcast("tick"));
        assertThat(stage.table.packed()).isZero();
      }
      stage.execution.passSeconds(LONG);

      assertThat(stage.table.packed()).isEqualTo(1);
    }

    @Test
    void H3_is_not_packed_while_one_socket_does_not_rest() {
      Line ada = joins();
      Line bob = joins();
      Line eve = joins();
      ada.rests();
      eve.rests();
      stage.execution.passSeconds(LONG);

      assertThat(stage.table.packed()).isZero();
      stage.apply(Stage.broadcast("all"));
      assertThat(lines).allMatch(line -> line.heard.equals(List.of("all")));

      bob.rests();
      stage.execution.passSeconds(LONG);
      assertThat(stage.table.packed()).isEqualTo(3);
    }

    @Test
    void H3_is_not_packed_before_it_has_taken_all_of_them_in() {
      joins();
      Line bob = wires.line(7);
      bob.key = wires.socket(bob).attach(stage.hall, Admission.accept());
      bob.rests();
      allRest();
      assertThat(stage.table.packed()).isZero();

      stage.apply(new Effect.Join(bob.key, Set.of()));
      stage.execution.passSeconds(LONG);
      assertThat(stage.table.packed()).isEqualTo(2);
    }

    @Test
    void H3_is_not_packed_while_its_doorman_knows_it() {
      joins(Admission.accept().metBy("porter"));
      allRest();

      assertThat(stage.table.packed()).isZero();
    }

    @Test
    void H3_is_not_packed_if_a_socket_carries_other_rooms_too() {
      Line ada = joins();
      wires.socket(ada).attach(stage.attic, Admission.accept());
      allRest();

      assertThat(stage.table.packed()).isZero();
    }

    @Test
    void H3_is_not_packed_if_it_has_more_than_a_thousand() {
      for (int i = 0; i <= 1_000; i++) {
        joins();
      }
      allRest();
      assertThat(stage.table.packed()).isZero();

      stage.apply(new Effect.Leave(lines.getFirst().key));
      allRest();
      assertThat(stage.table.packed()).isEqualTo(1_000);
    }
  }

  @Nested
  class A_packed_room {
    @Test
    void H3_is_spoken_to_as_ever_and_packed_again() {
      joins("red");
      joins("blue", "red");
      joins();
      for (int round = 0; round < 3; round++) {
        allRest();
        assertThat(stage.table.packed()).isEqualTo(3);
        stage.apply(
            broadcastTo("red", "red"),
            Stage.broadcast("all"),
            broadcastTo("blue", "blue"),
            new Effect.Send(lines.get(2).key, Message.of("you")));
        assertThat(stage.table.packed()).isZero();
        assertThat(lines.get(0).heard).containsExactly("red", "all");
        assertThat(lines.get(1).heard).containsExactly("red", "all", "blue");
        assertThat(lines.get(2).heard).containsExactly("all", "you");
        lines.forEach(line -> line.heard.clear());
      }
    }

    @Test
    void H3_is_packed_again_though_no_socket_of_it_ever_woke() {
      joins();
      joins();
      allRest();
      stage.apply(Stage.broadcast("all"));
      assertThat(stage.table.packed()).isZero();

      stage.execution.passSeconds(LONG);
      assertThat(stage.table.packed()).isEqualTo(2);
      assertThat(lines).allMatch(line -> line.heard.equals(List.of("all")));
    }

    @Test
    void H3_hears_a_client_as_ever() {
      Line ada = joins();
      joins();
      allRest();

      assertThat(ada.says("hello")).isTrue();
      assertThat(stage.taken()).containsExactly("room1 received " + ada.key + " hello");
      assertThat(stage.table.packed()).isZero();
    }

    @Test
    void C6_is_answered_for_as_ever() {
      Line ada = joins();
      stage.apply(new Effect.AutoRespond(Message.of("ping"), Message.of("pong")));
      assertThat(stage.table.lastAutoResponse(stage.hall, ada.key)).isEmpty();
      ada.says("ping");
      long at = stage.execution.instant().toEpochMilli();
      allRest();
      assertThat(stage.table.packed()).isEqualTo(1);

      assertThat(stage.table.lastAutoResponse(stage.hall, ada.key)).hasValue(at);
      allRest();
      ada.says("ping");
      assertThat(ada.heard).containsExactly("pong", "pong");
      assertThat(stage.taken()).isEmpty();
    }

    @Test
    void C1_takes_others_in() {
      Line ada = joins();
      allRest();
      Line bob = joins();

      stage.apply(Stage.broadcast("all"));
      assertThat(ada.heard).containsExactly("all");
      assertThat(bob.heard).containsExactly("all");
      allRest();
      assertThat(stage.table.packed()).isEqualTo(2);
    }

    @Test
    void C5_hears_who_is_gone() {
      Line ada = joins();
      Line bob = joins();
      allRest();

      ada.vanishes();
      assertThat(stage.taken()).containsExactly("room1 closed " + ada.key + " 1006");
      stage.apply(new Effect.Leave(ada.key));
      allRest();
      assertThat(stage.table.packed()).isEqualTo(1);

      bob.vanishes();
      stage.apply(new Effect.Leave(bob.key));
      assertThat(stage.table.hasConnections(stage.hall)).isFalse();
      assertThat(stage.table.connections()).isZero();
    }

    @Test
    void C5_closes_its_connections() {
      Line ada = joins();
      allRest();
      stage.apply(new Effect.Close(ada.key, CloseStatus.of(dev.dormouse.room.CloseCode.NORMAL)));

      assertThat(ada.heard).containsExactly("close 1000");
    }

    @Test
    void C5_need_not_care_who_is_gone() {
      Line ada = joins(Admission.accept().leavingQuietly());
      allRest();
      ada.vanishes();

      assertThat(stage.taken()).containsExactly("room1 left " + ada.key);
    }

    @Test
    void S3_tells_refusals_to_those_who_asked_for_them() {
      Line ada = joins(Admission.accept().speaking(SocketTable.PLATFORM_PROTOCOL));
      Line bob = joins();
      allRest();
      var refusal = new dev.dormouse.room.Refusal.NotFound("no");
      stage.apply(new Effect.Tell(ada.key, refusal), new Effect.Tell(bob.key, refusal));

      assertThat(ada.heard).containsExactly("refused: no");
      assertThat(bob.heard).isEmpty();
    }

    /// Whoever came for it spun for ever else.
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void stays_as_it_was_if_packing_it_fails_halfway() {
      Line ada = joins();
      Line bob = joins();
      bob.fails = true;
      allRest();
      assertThat(lines).noneMatch(Line::isPacked);
      assertThat(stage.table.packed()).isZero();

      stage.apply(Stage.broadcast("all"));
      assertThat(ada.heard).containsExactly("all");
      bob.fails = false;
      ada.says("hello");
      allRest();
      assertThat(stage.table.packed()).isEqualTo(2);
    }

    private List<Visit> visits(RoomId room) {
      return stage.table.visits(room, 0, 100).visits();
    }

    @Test
    void H3_is_looked_at_a_page_at_a_time_and_only_its_addresses_are_asked_for() {
      List<Line> lines = List.of(joins(), joins(), joins(), joins(), joins());
      List<Long> keys = lines.stream().map(line -> line.key).toList();
      for (int round = 0; round < 2; round++) {
        Visit.Page first = stage.table.visits(stage.hall, 0, 2);
        assertThat(first.visits()).extracting(Visit::key).isEqualTo(keys.subList(0, 2));
        assertThat(first.all()).isEqualTo(5);
        assertThat(first.more()).isTrue();
        Visit.Page last = stage.table.visits(stage.hall, keys.get(2), 2);
        assertThat(last.visits()).extracting(Visit::key).isEqualTo(keys.subList(3, 5));
        assertThat(last.all()).isEqualTo(5);
        assertThat(last.more()).isFalse();
        assertThat(stage.table.visits(stage.attic, 0, 2).all()).isZero();
        allRest();
        stage.execution.passSeconds(LONG);
        assertThat(stage.table.packed()).as("from the second round on").isEqualTo(5);
      }
      assertThat(wires.asked()).containsExactly(0, 1, 3, 4);
    }

    @Test
    void H3_is_looked_at_and_stays_packed() {
      Line ada = joins("red", "blue");
      Line bob = joins(Admission.accept().atMost(Access.READ));
      long opened = stage.execution.instant().getEpochSecond();
      assertThat(visits(stage.hall)).extracting(Visit::parked).containsOnly(false);
      allRest();
      stage.execution.passSeconds(LONG);

      assertThat(visits(stage.hall))
          .containsExactly(
              new Visit(ada.key, Set.of("red", "blue"), opened, true, false, false, null),
              new Visit(bob.key, Set.of(), opened, true, true, false, null));
      assertThat(visits(stage.attic)).isEmpty();
      assertThat(stage.table.packed()).isEqualTo(2);

      stage.apply(Stage.broadcast("all"));
      assertThat(visits(stage.hall)).extracting(Visit::since).containsExactly(opened, opened);
    }

    @Test
    void C5_one_of_its_connections_is_closed_for_an_operator() {
      Line ada = joins();
      Line bob = joins();
      allRest();

      assertThat(stage.table.close(stage.attic, ada.key, Stage.DONE)).isFalse();
      assertThat(stage.table.packed()).isEqualTo(2);
      assertThat(stage.table.close(stage.hall, ada.key, Stage.DONE)).isTrue();
      assertThat(stage.table.close(stage.hall, ada.key, Stage.DONE)).isFalse();
      assertThat(ada.heard).containsExactly("close 1000");
      assertThat(bob.heard).isEmpty();
      assertThat(visits(stage.hall)).extracting(Visit::closing).containsExactly(true, false);

      ada.vanishes();
      assertThat(stage.taken()).containsExactly("room1 closed " + ada.key + " 1006");
      stage.apply(new Effect.Leave(ada.key));
      assertThat(visits(stage.hall)).extracting(Visit::key).containsExactly(bob.key);
    }

    @Test
    void H5_is_there_when_every_socket_is_asked_for() {
      joins();
      joins();
      allRest();

      assertThat(stage.table.everySocket()).hasSize(2);
      stage.table.everySocket().forEach(socket -> socket.shut(Stage.DONE));
      assertThat(lines).allMatch(line -> line.heard.equals(List.of("close 1000")));
    }
  }
}
