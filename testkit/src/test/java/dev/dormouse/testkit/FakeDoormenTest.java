package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import dev.dormouse.room.spi.Doorman;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// C6 in tests of rooms: doormen and automatic responses answer as they do on a server.
class FakeDoormenTest {
  private final List<String> notes = new ArrayList<>();

  private final Namespace namespace =
      Namespace.named("hall", Hall::new)
          .doorman("herald", _ -> new Herald())
          .limits(RoomLimits.defaults().withPorchBytes(100))
          .build();

  /// Admits by the doorman that the client names; echoes.
  private final class Hall implements Room {
    private final RoomContext context;

    Hall(RoomContext context) {
      this.context = context;
    }

    @Override
    public void onStart(StartCause cause) {}

    @Override
    public Admission onConnect(Upgrade upgrade) {
      Admission.Accepted accepted =
          Admission.accept().metBy(upgrade.parameter("doorman").orElse("herald"));
      return upgrade.parameter("quiet").isPresent() ? accepted.leavingQuietly() : accepted;
    }

    @Override
    public void onOpen(Connection connection) {
      context.connections().autoResponse(Message.of("ping"), Message.of("pong"));
    }

    @Override
    public void onMessage(Connection connection, Message message) {
      notes.add("heard " + ((Message.Text) message).text());
      if (message.equals(Message.of("pass close me"))) {
        connection.close(new CloseStatus(4000, ""));
      }
      connection
          .lastAutoResponse()
          .ifPresent(at -> connection.send("answered at " + at.getEpochSecond()));
    }

    @Override
    public void onClose(Connection connection, CloseStatus status) {
      notes.add("closed " + status.code());
    }
  }

  /// Passes what begins with `pass`, remembers and relays the rest, and tells newcomers.
  private static final class Herald implements Doorman.Porch {
    private final Map<Long, String> said = new HashMap<>();

    @Override
    public List<Doorman.Verdict> joins(long connection, long now) {
      return List.of(answer(said.values().toString()));
    }

    @Override
    public List<Doorman.Verdict> hears(long connection, Message message, long now) {
      String text = ((Message.Text) message).text();
      if (text.startsWith("pass")) {
        return Doorman.Verdict.PASS;
      }
      said.put(connection, text);
      return text.equals("bye")
          ? List.of(new Doorman.Verdict.Close(new CloseStatus(4001, "")))
          : List.of(relay(text));
    }

    @Override
    public List<Doorman.Verdict> leaves(long connection, long now) {
      said.remove(connection);
      return List.of(relay(connection + " left"));
    }

    @Override
    public List<Doorman.Verdict> ticks(long now) {
      return List.of(relay("tick"), answer("to nobody"));
    }

    @Override
    public int bytes() {
      return said.values().stream().mapToInt(String::length).sum();
    }

    private static Doorman.Verdict answer(String text) {
      return new Doorman.Verdict.Answer(Message.of(text));
    }

    private static Doorman.Verdict relay(String text) {
      return new Doorman.Verdict.Relay(Message.of(text));
    }
  }

  private void play(RoomTester.Scenario scenario) {
    RoomTester.of(namespace).run(scenario);
  }

  @Test
  void C6_a_doorman_relays_and_remembers_what_the_room_never_hears() {
    play(t -> {
      FakeConnection ada = t.connect("hall", "a");
      FakeConnection elsewhere = t.connect("hall", "b");
      ada.send("here is ada");
      FakeConnection bob = t.connect("hall", "a");
      bob.send("here is bob");
      bob.send("pass this on");
      t.settle();

      assertThat(ada.texts()).containsExactly("[]", "here is bob");
      assertThat(bob.texts()).containsExactly("[here is ada]");
      assertThat(elsewhere.texts()).containsExactly("[]");
      assertThat(notes).containsExactly("heard pass this on");
    });
  }

  @Test
  void C6_a_connection_leaves_once_whoever_ends_it() {
    play(t -> {
      FakeConnection ada = t.connect("hall", "a");
      FakeConnection bob = t.connect("hall", "a");
      FakeConnection eve = t.connect("hall", "a");
      FakeConnection kim = t.connect("hall", "a");
      bob.vanish();
      eve.send("pass close me");
      t.settle();
      kim.send("bye");
      t.settle();

      assertThat(ada.texts())
          .containsExactly("[]", bob.key() + " left", eve.key() + " left", kim.key() + " left");
      assertThat(kim.closed()).contains(new CloseStatus(4001, ""));
      assertThat(notes)
          .containsExactly("closed 1006", "heard pass close me", "closed 4000", "closed 4001");
    });
  }

  @Test
  void C6_whoever_makes_a_porch_hold_too_much_is_closed() {
    play(t -> {
      FakeConnection ada = t.connect("hall", "a");
      ada.send("x".repeat(101));
      t.settle();

      assertThat(ada.closed().orElseThrow().code()).isEqualTo(1009);
    });
  }

  @Test
  void C6_a_doorman_hears_that_time_passes_when_the_test_says_so() {
    play(t -> {
      FakeConnection ada = t.connect("hall", "a");
      t.sockets().tick();
      ada.vanish();
      t.sockets().tick();
      FakeConnection bob = t.connect("hall", "a");

      assertThat(ada.texts()).containsExactly("[]", "tick");
      assertThat(bob.texts()).containsExactly("[]");
    });
  }

  @Test
  void C6_an_automatic_response_answers_for_the_room_and_keeps_the_time() {
    play(t -> {
      FakeConnection ada = t.connect("hall", "a");
      t.advance(Duration.ofSeconds(5));
      long now = t.execution().instant().getEpochSecond();
      ada.send("ping");
      ada.send("pass");
      t.settle();

      assertThat(ada.texts()).containsExactly("[]", "pong", "answered at " + now);
      assertThat(notes).containsExactly("heard pass");
    });
  }

  @Test
  void C5_a_room_that_does_not_care_hears_of_no_close() {
    play(t -> {
      FakeConnection ada = t.connect("hall", "a");
      FakeConnection quiet = t.connect("hall", "a", Map.of("quiet", "yes"));
      quiet.vanish();
      t.settle();

      assertThat(notes).isEmpty();
      assertThat(ada.texts()).endsWith(quiet.key() + " left");
    });
  }

  @Test
  void a_doorman_that_is_not_declared_fails_the_test() {
    assertThatThrownBy(() -> play(t -> t.connect("hall", "a", Map.of("doorman", "nobody"))))
        .hasStackTraceContaining("'nobody', which is not declared");
  }
}
