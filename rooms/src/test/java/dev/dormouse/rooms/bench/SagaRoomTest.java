package dev.dormouse.rooms.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.HttpCall;
import dev.dormouse.saga.facility.SagaFacility;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The contract of the room whose sagas are measured.
class SagaRoomTest {
  private final RoomTester tester =
      RoomTester.of(SagaBench.declaration()).facility(new SagaFacility(SagaBench.definitions()));

  private static String info(RoomTester t, String room) throws Exception {
    HttpCall call = new HttpCall("GET", "sagas", Map.of(), Map.of(), new byte[0]);
    return t.request(SagaBench.NAME, room, call).text();
  }

  @Test
  void a_run_counts_in_three_rooms_and_its_end_is_told_once() {
    tester.run(t -> {
      FakeConnection ada = t.connect(SagaBench.NAME, "o0");
      ada.send("run s1 t1 t2 t3 ok");
      t.settle();
      assertThat(ada.texts()).containsExactly("s1 COMPLETED");
      for (String room : new String[] {"t1", "t2", "t3"}) {
        assertThat(info(t, room)).contains("\"done\":1,\"undone\":0");
      }
      assertThat(info(t, "o0")).contains("\"completed\":1,\"compensated\":0");
    });
  }

  @Test
  void a_run_that_is_refused_at_its_third_step_is_taken_back_in_the_others() {
    tester.run(t -> {
      FakeConnection ada = t.connect(SagaBench.NAME, "o0");
      ada.send("run s1 t1 t2 t3 no");
      t.settle();
      assertThat(ada.texts()).containsExactly("s1 COMPENSATED");
      assertThat(info(t, "t1")).contains("\"done\":1,\"undone\":1");
      assertThat(info(t, "t2")).contains("\"done\":1,\"undone\":1");
      assertThat(info(t, "t3")).contains("\"done\":0,\"undone\":0");
    });
  }

  @Test
  void the_end_of_a_run_is_told_only_when_it_is_durable() {
    tester.run(t -> {
      FakeConnection ada = t.connect(SagaBench.NAME, "o0");
      t.store().hold();
      ada.send("run s1 t1 t2 t3 ok");
      t.settle();
      assertThat(ada.texts()).isEmpty();
      t.store().letAll();
      t.settle();
      assertThat(ada.texts()).containsExactly("s1 COMPLETED");
    });
  }

  @Test
  void what_waits_is_done_when_its_room_is_told_to() {
    tester.run(t -> {
      FakeConnection ada = t.connect(SagaBench.NAME, "o0");
      ada.send("wait 0 4 2");
      t.settle();
      assertThat(ada.texts()).containsExactly("wait");
      assertThat(info(t, "wait-0")).contains("\"waiting\":2");
      FakeConnection place = t.connect(SagaBench.NAME, "wait-0");
      place.send("answer");
      t.settle();
      assertThat(place.texts()).containsExactly("answer 2");
      assertThat(info(t, "wait-0")).contains("\"done\":2,\"undone\":0,\"waiting\":0");
      assertThat(info(t, "o0")).contains("\"completed\":2,\"compensated\":0");
      assertThat(info(t, "wait-1")).contains("\"waiting\":2");
    });
  }

  @Test
  void what_is_due_is_taken_back_when_its_time_is_over() {
    tester.run(t -> {
      t.connect(SagaBench.NAME, "o0").send("due 0 3 3 20");
      t.settle();
      assertThat(info(t, "due-2")).contains("\"waiting\":1");
      t.advance(Duration.ofSeconds(19));
      assertThat(info(t, "o0")).contains("\"compensated\":0");
      t.advance(Duration.ofSeconds(2));
      assertThat(info(t, "due-2")).contains("\"done\":0,\"undone\":1,\"waiting\":0");
      assertThat(info(t, "o0")).contains("\"completed\":0,\"compensated\":3");
    });
  }
}
