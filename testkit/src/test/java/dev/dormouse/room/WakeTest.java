package dev.dormouse.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// H2: what happens to a room that is not in memory wakes it.
class WakeTest {
  private final List<String> happened = new ArrayList<>();

  private final Namespace namespace = Namespace.named("diary", Diary::new).build();

  /// Writes down what it sees.
  private final class Diary implements Room {
    private final RoomContext context;

    Diary(RoomContext context) {
      this.context = context;
      happened.add("built");
    }

    @Override
    public void onStart(StartCause cause) {
      happened.add("start " + cause);
    }

    @Override
    public HttpReply onRequest(HttpCall call) {
      happened.add(call.path());
      context.storage().putText("last", call.path());
      context.alarms().set("later", context.clock().instant().plus(Duration.ofHours(1)));
      return HttpReply.text(200, "noted");
    }

    @Override
    public void onAlarm(Alarm alarm) {
      happened.add("alarm " + alarm.name());
    }
  }

  @Nested
  class An_event_for_a_room_that_is_not_in_memory {
    @Test
    void H2_builds_and_starts_it_first_and_those_that_come_meanwhile_wait_in_order() {
      RoomTester.of(namespace)
          .run(t -> {
            request(t, "one");
            request(t, "two");
            request(t, "three");
            t.settle();

            assertThat(happened).containsExactly("built", "start CREATED", "one", "two", "three");
          });
    }

    @Test
    void H2_after_a_restart_finds_what_was_stored() {
      RoomTester.of(namespace)
          .run(t -> {
            t.request("diary", "ada", HttpCall.of("POST", "before"));
            t.crash();
            happened.clear();

            request(t, "after");
            t.settle();

            assertThat(happened).containsExactly("built", "start RESTARTED", "after");
          });
    }

    @Test
    void H2_an_alarm_wakes_it_too() {
      RoomTester.of(namespace)
          .run(t -> {
            t.request("diary", "ada", HttpCall.of("POST", "before"));
            t.crash();
            happened.clear();

            t.advance(Duration.ofHours(1));

            assertThat(happened).containsExactly("built", "start RESTARTED", "alarm later");
          });
    }

    private void request(RoomTester t, String path) {
      t.requesting("diary", "ada", HttpCall.of("POST", path));
    }
  }
}
