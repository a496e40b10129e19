package dev.dormouse.rooms.collab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.rooms.yjs.YUpdate;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// H6: documents of which the memory does not hold all at once.
class CrowdedDocumentsTest {
  private static final int CHARACTERS = 1_500_000;

  /// For one of [#CHARACTERS] that is open.
  private final RoomTester tester =
      RoomTester.of(CollabNamespace.declaration()).awakeMemory(5 << 20);

  private final Editor ann = new Editor(7);

  private static Answer write(RoomTester t, String document, int client) {
    YUpdate update = new Editor(client).type("x".repeat(CHARACTERS));
    return t.requested(
        "collab", document, new HttpCall("POST", "update", Map.of(), Map.of(), update.bytes()));
  }

  @Test
  void H6_a_change_for_which_there_is_no_memory_is_not_lost() {
    tester.run(t -> {
      assertThat(write(t, "other", 9)).isInstanceOf(Answer.Replied.class);
      ann.open(t);
      FakeConnection first = ann.connection();
      ann.type("y".repeat(CHARACTERS));
      t.settle();
      assertThat(first.closed())
          .hasValueSatisfying(status -> {
            assertThat(status.code()).isEqualTo(1013);
            assertThat(status.reason()).contains("memory");
          });
      assertThat(write(t, "third", 10))
          .isInstanceOfSatisfying(
              Answer.Declined.class,
              no -> assertThat(no.error()).isInstanceOf(Refusal.Overloaded.class));

      t.advance(Duration.ofSeconds(2));
      ann.open(t);
      t.settle();
      assertThat(ann.isOnline()).isTrue();
      assertThat(update(t, "doc").length).isGreaterThan(CHARACTERS);
      assertThat(t.node().awakeRooms()).doesNotContain(t.id("collab", "other"));
    });
  }

  @Test
  void H6_all_of_them_are_told_to_whoever_asks_one_after_the_other() {
    tester.run(t -> {
      for (int i = 0; i < 4; i++) {
        Answer answer = write(t, "d" + i, 20 + i);
        for (int tries = 0; tries < 3 && answer instanceof Answer.Declined; tries++) {
          t.advance(Duration.ofSeconds(1));
          answer = write(t, "d" + i, 20 + i);
        }
        assertThat(answer).isInstanceOf(Answer.Replied.class);
      }
      t.advance(Duration.ofSeconds(20));
      assertThat(t.node().crowd().taken()).isZero();
      for (int i = 0; i < 4; i++) {
        assertThat(update(t, "d" + i).length).isGreaterThan(CHARACTERS);
        assertThat(t.node().crowd().taken()).isBetween(2L * CHARACTERS, 6_500_000L);
      }
    });
  }

  private static byte[] update(RoomTester t, String document) {
    return switch (t.request("collab", document, HttpCall.of("GET", "update")).body()) {
      case HttpReply.Bytes(byte[] bytes) -> bytes;
      case HttpReply.Stream _ -> throw new AssertionError("streamed");
    };
  }
}
