package dev.dormouse.rooms.collab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.rooms.yjs.Coverage;
import dev.dormouse.rooms.yjs.YLimits;
import dev.dormouse.rooms.yjs.YUpdate;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Several editors, a network that breaks, a process that dies and a disk that fails, in orders
/// drawn from seeds. In the end all have the same document; and what one editor was told that
/// another did is never lost, not even for a moment.
class CollabSimulationTest {
  private static final int SEEDS = 300;
  private static final int STEPS = 60;
  private static final int EDITORS = 4;

  private final Editor[] editors =
      LongStream.range(0, EDITORS).mapToObj(i -> new Editor(100 + i)).toArray(Editor[]::new);

  @Test
  void everybody_ends_with_the_same_document_and_nothing_told_is_ever_lost() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      new CollabSimulationTest().play(seed);
    }
  }

  private void play(long seed) {
    RoomTester.seeded(seed, CollabNamespace.declaration())
        .run(t -> {
          Random random = t.execution().random();
          for (int step = 0; step < STEPS; step++) {
            step(t, random);
          }
          end(t);
        });
  }

  private void step(RoomTester t, Random random) throws Exception {
    Editor editor = editors[random.nextInt(EDITORS)];
    switch (random.nextInt(14)) {
      case 0, 1, 2, 3 ->
          editor.type("abcdef".substring(random.nextInt(6)), 100L + random.nextInt(EDITORS));
      case 4 -> {
        long of = 100L + random.nextInt(EDITORS);
        long known = editor.content.stateVector().next(of);
        if (known > 0) {
          editor.delete(of, random.nextLong(known));
        }
      }
      case 5, 6 -> {
        try {
          connect(t, editor);
        } catch (AssertionError declined) {
          // So it happens when the write before the admission fails; the editor stays off line.
          assertThat(declined).hasMessageContaining("RoomReset");
        }
      }
      case 7 -> editor.vanish();
      case 8 -> editor.present("{\"step\":" + random.nextInt(100) + "}");
      case 9, 10 -> Editor.settle(t, editors);
      case 11 -> t.advance(Duration.ofMillis(random.nextInt(5_000)));
      case 12 -> failOneCommit(t, random);
      default -> {
        if (random.nextBoolean()) {
          crash(t);
        }
      }
    }
    editor.pump();
  }

  private static void connect(RoomTester t, Editor editor) {
    if (!editor.isOnline()) {
      editor.begin(t.connecting("collab", "doc", RoomTester.upgrade(Map.of())));
    }
  }

  private static void failOneCommit(RoomTester t, Random random) {
    boolean[] failed = {false};
    t.store()
        .faults(_ -> {
          if (failed[0]) {
            return new Verdict.Durable();
          }
          failed[0] = true;
          return random.nextBoolean()
              ? new Verdict.Rejected("a test")
              : new Verdict.Unknown(random.nextBoolean());
        });
  }

  private void crash(RoomTester t) throws Exception {
    for (Editor editor : editors) {
      editor.pump();
      editor.lose();
    }
    t.crash();
    Coverage stored = Coverage.of(stored(t));
    for (Editor editor : editors) {
      assertThat(stored.isNew(editor.told)).as("told to %d, then lost", editor.client).isFalse();
    }
  }

  private void end(RoomTester t) throws Exception {
    t.store().faults(_ -> new Verdict.Durable());
    Editor.settle(t, editors);
    for (int round = 0; round < 3; round++) {
      for (Editor editor : editors) {
        connect(t, editor);
        editor.ask();
        Editor.settle(t, editors);
      }
    }
    YUpdate stored = stored(t);
    for (Editor editor : editors) {
      assertThat(editor.isOnline() && editor.synced).as("%d is back", editor.client).isTrue();
      assertThat(Coverage.of(stored).isNew(editor.content)).as("the room lacks").isFalse();
      assertThat(Coverage.of(editor.content).isNew(stored)).as("an editor lacks").isFalse();
      assertThat(editor.content.stateVector()).isEqualTo(stored.stateVector());
    }
  }

  private static YUpdate stored(RoomTester t) throws Exception {
    HttpReply reply = t.request("collab", "doc", HttpCall.of("GET", "update"));
    return switch (reply.body()) {
      case HttpReply.Bytes(byte[] bytes) -> YUpdate.decode(bytes, YLimits.defaults());
      case HttpReply.Stream _ -> throw new AssertionError("streamed");
    };
  }
}
