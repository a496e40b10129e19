package dev.dormouse.rooms.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What sleep and resets leave of a presence room: all of it, since it is read off the connections.
class PresenceSleepTest {
  private final RoomTester tester = RoomTester.of(PresenceNamespace.declaration());

  private static FakeConnection enter(RoomTester t, String user) {
    return t.connect("presence", "hall", Map.of("user", user));
  }

  private static FakeConnection enter(RoomTester t, String user, String info) {
    return t.connect("presence", "hall", Map.of("user", user, "info", info));
  }

  /// The room of which it can be said that it slept: a word ends its instance.
  private record Sleeper(PresenceRoom room, StartCause told) implements Room {
    @Override
    public void onStart(StartCause cause) {
      room.onStart(cause == StartCause.RESET ? told : cause);
    }

    @Override
    public Admission onConnect(Upgrade upgrade) {
      return room.onConnect(upgrade);
    }

    @Override
    public void onOpen(Connection connection) {
      room.onOpen(connection);
    }

    @Override
    public void onMessage(Connection connection, Message message) {
      if (message.equals(Message.of("sleep"))) {
        throw new IllegalStateException("a test");
      }
      room.onMessage(connection, message);
    }

    @Override
    public void onClose(Connection connection, CloseStatus status) {
      room.onClose(connection, status);
    }
  }

  private RoomTester slept(StartCause cause) {
    return RoomTester.of(
        Namespace.named("presence", c -> new Sleeper(new PresenceRoom(c), cause)).build());
  }

  @Test
  void H1_nothing_happens_while_everybody_is_silent_and_nothing_is_stored() {
    tester.run(t -> {
      enter(t, "ann");
      enter(t, "ben").vanish();
      t.settle();
      int log = t.sockets().log().size();
      t.advance(Duration.ofMinutes(10));
      assertThat(t.sockets().log()).hasSize(log);
      assertThat(t.disk().commits()).isZero();
    });
  }

  @Test
  void C6_signs_of_life_are_answered_without_the_room() {
    tester.run(t -> {
      List<Object> set = new ArrayList<>();
      t.sockets()
          .probe((_, effect) -> {
            if (effect instanceof Effect.AutoRespond auto) {
              set.add(auto);
            }
          });
      enter(t, "ann");
      assertThat(set)
          .isNotEmpty()
          .containsOnly(
              new Effect.AutoRespond(
                  Message.of("{\"type\":\"ping\"}"), Message.of("{\"type\":\"pong\"}")));
    });
  }

  @Test
  void a_sign_of_life_in_other_bytes_is_answered_by_the_room() {
    tester.run(t -> {
      FakeConnection ann = enter(t, "ann");
      ann.send("{ \"type\": \"ping\" }");
      t.settle();
      assertThat(ann.texts().getLast()).isEqualTo("{\"type\":\"pong\"}");
    });
  }

  @Test
  void H2_leaves_no_trace() {
    slept(StartCause.WOKEN)
        .run(t -> {
          FakeConnection watcher = enter(t, "watcher");
          FakeConnection ann = enter(t, "ann", "{\"at\":1}");
          FakeConnection tab = enter(t, "ann");
          int before = watcher.texts().size();

          watcher.send("sleep");
          ann.vanish();
          t.settle();
          assertThat(watcher.texts()).hasSize(before);
          watcher.send("sleep");
          tab.send("{\"type\":\"who\"}");
          t.settle();
          assertThat(watcher.texts()).hasSize(before);
          assertThat(tab.texts().getLast()).contains("{\"user\":\"ann\",\"info\":{\"at\":1}}");
          watcher.send("sleep");
          tab.vanish();
          t.settle();
          assertThat(watcher.texts())
              .hasSize(before + 1)
              .last()
              .isEqualTo("{\"type\":\"diff\",\"left\":[\"ann\"]}");
        });
  }

  @Test
  void T5_after_a_reset_everybody_is_told_everything() {
    slept(StartCause.RESET)
        .run(t -> {
          FakeConnection ann = enter(t, "ann");
          FakeConnection ben = enter(t, "ben");
          ann.send("sleep");
          ann.send("{\"type\":\"ping\" }");
          t.settle();
          assertThat(ben.texts().getLast())
              .isEqualTo("{\"type\":\"here\",\"users\":[{\"user\":\"ann\"},{\"user\":\"ben\"}]}");
        });
  }
}
