package dev.dormouse.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.OpenFacility.Open;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A2: what a facility's alarms cause in other rooms does not keep overdue alarms from ringing.
class LettersTest {
  private static final String SPACE = "pen";

  /// What a test has a room do.
  interface Does {
    void alarm();

    void write(String room, int bytes);
  }

  private final List<String> heard = new ArrayList<>();
  private boolean hang;

  /// Passes on what it is asked; its own alarm hangs if the test wants so.
  private final class PenRoom implements Room, Does {
    private final RoomContext context;

    PenRoom(RoomContext context) {
      this.context = context;
    }

    @Override
    public void alarm() {
      if (hang) {
        context.alarms().set("hang", context.clock().instant().plusSeconds(1));
      } else {
        FacilityRoom room = context.facility(Open.class).room();
        room.setAlarm("soon", room.clock().millis() + 1_000);
      }
    }

    @Override
    public void write(String room, int bytes) {
      LettersTest.write(context.facility(Open.class).room(), room, bytes);
    }

    @Override
    public void onAlarm(Alarm alarm) {
      context.sleep(Duration.ofSeconds(20));
    }
  }

  private static void write(FacilityRoom room, String to, int bytes) {
    RoomId target = room.find(SPACE, to).orElseThrow();
    room.whenDurable(() -> assertThat(room.post(target, new byte[bytes])).isTrue());
  }

  private RoomTester tester(long seed) {
    return RoomTester.seeded(seed, Namespace.named(SPACE, PenRoom::new).calls(Does.class).build())
        .facility(
            new OpenFacility(
                room -> {
                  heard.add("rang");
                  write(room, "sink", 1);
                },
                (_, _) -> heard.add("got")));
  }

  private static Does room(RoomTester t, String room) {
    return t.rooms().stub(Does.class, SPACE, room);
  }

  /// Starts anew with one overdue alarm in each of so many rooms.
  private static void overdue(RoomTester t, int rooms) {
    for (int i = 0; i < rooms; i++) {
      room(t, "r" + i).alarm();
    }
    t.store().crash();
    t.advance(Duration.ofSeconds(5));
    t.crash();
  }

  @Test
  void A2_messages_wait_until_the_last_overdue_alarm_is_handed_out() {
    for (int seed = 1; seed <= 3; seed++) {
      heard.clear();
      tester(seed)
          .run(t -> {
            overdue(t, 300);
            t.advance(Duration.ofSeconds(1));
            assertThat(heard).hasSize(600);
            // The last is handed out when as many have rung as there are above 256.
            assertThat(heard.subList(0, 44)).containsOnly("rang");
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"300, 1, 1400, 0", "300, 1, 1600, 1", "20, 1, 0, 1", "300, 6000000, 0, 3"})
  void A2_but_not_behind_alarms_that_hang_nor_in_any_number(
      int rooms, int bytes, long millis, int arrived) {
    hang = true;
    tester(1)
        .run(t -> {
          Signal written = t.execution().signal();
          overdue(t, rooms);
          t.execution()
              .start(
                  "caller",
                  () -> {
                    for (int i = 0; i < (bytes > 1 ? 3 : 1); i++) {
                      room(t, "writer").write("sink", bytes);
                    }
                    written.complete();
                  });
          t.settle();
          t.advance(Duration.ofMillis(millis));
          assertThat(written.await(Duration.ZERO)).isTrue();
          assertThat(heard).hasSize(arrived);
        });
  }
}
