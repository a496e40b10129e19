package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The room of the page about rooms with SQL.
class ScoresTest {
  @TempDir Path folder;

  @Test
  void S4_everybody_hears_who_leads() {
    // tag::test
    RoomTester.of(Scores.declaration())
        .storedBy(
            (memory, execution) ->
                SqlRoomStore.simulated(memory, folder, Set.of("scores"), execution),
            store -> ((SqlRoomStore) store).die())
        .run(t -> {
          FakeConnection ada = t.connect("scores", "chess");
          ada.send("ada 3");
          ada.send("bob 5");
          t.crash();
          FakeConnection bob = t.connect("scores", "chess");
          bob.send("ada 4");
          t.settle();
          assertThat(bob.texts()).containsExactly("ada leads");
        });
    // end::test
  }
}
