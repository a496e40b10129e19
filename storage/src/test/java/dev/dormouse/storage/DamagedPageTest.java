package dev.dormouse.storage;

import static dev.dormouse.storage.Sets.await;
import static dev.dormouse.storage.Sets.failure;
import static dev.dormouse.storage.Sets.keys;
import static dev.dormouse.storage.Sets.put;
import static dev.dormouse.storage.Sets.room;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.WriteSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One room's fault stays its own: its damaged page, or its write set that SQLite refuses, is no
/// other room's trouble, neither beside it in a transaction nor afterwards.
///
/// The driver closes a statement that fails, and all rooms of a file share their statements.
class DamagedPageTest {
  private static final int PAGE = 4096;
  private static final int LEAF = 10;

  /// A key whose value a trigger makes too large for SQLite: an honest error of the write set, and
  /// one after which the driver closes the statement.
  private static final String UNSTORABLE = "unstorable";

  @TempDir Path folder;
  private final Probes execution = new Probes();
  private final RoomId damaged = room(1);
  private final RoomId healthy = room(2);
  private final RoomId small = room(3);
  private SqliteRoomStore store;

  /// A key of the damaged room that lies on its damaged page.
  private String lost = "";

  /// How often the healthy room was written.
  private int round;

  @BeforeEach
  void open() throws Exception {
    store = SqliteRoomStore.open(folder, StoreSettings.defaults(), execution);
    // More than a page each, so that the page in the middle is one room's alone, its neighbours
    // too.
    SortedMap<String, Optional<byte[]>> many = KeyOrder.newMap();
    for (int i = 0; i < 200; i++) {
      many.put("key%03d".formatted(i), Optional.of(value(i)));
    }
    await(store.commit(Sets.set(store, damaged, 1, many)));
    await(store.commit(Sets.set(store, healthy, 1, many)));
    await(store.commit(put(store, small, 1, "a", "1")));
    round = 1;
    store.close();
    damage();
    refuse();
    store = SqliteRoomStore.open(folder, StoreSettings.defaults(), execution);
  }

  @AfterEach
  void close() {
    execution.heal();
    store.close();
  }

  private static byte[] value(int number) {
    return "value %03d ".formatted(number).repeat(20).getBytes(UTF_8);
  }

  private Path file() {
    return folder.resolve("rooms-0.db");
  }

  /// Writes garbage over a page in the middle of the damaged room's rows.
  private void damage() throws IOException {
    byte[] bytes = Files.readAllBytes(file());
    // Each character is one byte. The damaged room came first, so the value is found there first.
    String text = new String(bytes, ISO_8859_1);
    for (int key = 100; key < 130; key++) {
      int page = text.indexOf(new String(value(key), ISO_8859_1)) / PAGE * PAGE;
      if (page > 0 && bytes[page] == LEAF) {
        Arrays.fill(bytes, page, page + PAGE, (byte) 0x5a);
        Files.write(file(), bytes);
        lost = "key%03d".formatted(key);
        return;
      }
    }
    throw new AssertionError("no leaf page of the room was found");
  }

  private void refuse() throws Exception {
    String key = HexFormat.of().formatHex(UNSTORABLE.getBytes(UTF_8));
    try (Connection connection = Sqlite.connect(file())) {
      ShardFile.execute(
          connection,
          "CREATE TRIGGER refuse BEFORE INSERT ON entry WHEN NEW.key = x'"
              + key
              + "' BEGIN SELECT zeroblob(200000000 * length(NEW.key)); END");
    }
  }

  private WriteSet set(RoomId room, long sequence, String key) {
    return put(store, room, sequence, key, "new");
  }

  /// Everything that shares a statement with the rooms in trouble.
  private void assertOthersWork() throws Exception {
    assertThat(await(store.load(healthy)).sequence()).isEqualTo(round);
    assertThat(keys(store, healthy)).containsEntry("key150", new String(value(150), UTF_8));
    assertThat(keys(store, small)).isEqualTo(Map.of("a", "1"));
    assertThat(await(store.read(healthy, "key000"))).contains(value(0));
    assertThat(await(store.list(healthy, KeyRange.all().limited(7), 1 << 20))).hasSize(7);
    assertThat(await(store.rooms("chat", null, 10))).contains(damaged, healthy, small);
    assertThat(await(store.dueAlarms(Long.MAX_VALUE, 10)).alarms()).hasSize(round > 1 ? 1 : 0);

    round++;
    SortedMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
    changes.put("key199", Optional.of(value(round)));
    changes.put("new" + round, Optional.of(value(round)));
    changes.put("new" + (round - 1), Optional.empty());
    await(
        store.commit(
            new WriteSet(
                healthy,
                store.epoch(),
                round,
                round,
                0,
                false,
                changes,
                List.of(
                    new WriteSet.PutAlarm(new AlarmRow("x", round, round, 0, Alarm.State.SET)),
                    new WriteSet.DeleteAlarm("y")))));
    assertThat(keys(store, healthy))
        .containsEntry("key199", new String(value(round), UTF_8))
        .containsKey("new" + round)
        .doesNotContainKey("new" + (round - 1));
    RoomId fresh = room(100 + round);
    await(store.commit(put(store, fresh, 1, "a", "1")));
    assertThat(keys(store, fresh)).isEqualTo(Map.of("a", "1"));
    assertThat(store.trouble()).isEmpty();
  }

  private static void assertDamaged(CompletableFuture<?> read) throws Exception {
    try {
      throw new AssertionError("it was read: " + await(read));
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("rooms-0.db")
          .hasMessageContaining("malformed");
    }
  }

  private static void assertRefused(
      CompletableFuture<Position> commit, Reason reason, String because) throws Exception {
    CommitFailure failure = failure(commit);
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(failure).hasMessageContaining("chat:").hasMessageContaining(because);
  }

  private void assertDamagedCommit() throws Exception {
    assertRefused(store.commit(set(damaged, 2, lost)), Reason.IO, "malformed");
  }

  private void assertUnstorable() throws Exception {
    assertRefused(store.commit(set(small, 2, UNSTORABLE)), Reason.REJECTED, "too big");
  }

  @Nested
  class When_a_room_has_a_damaged_page {

    @Test
    void its_reads_fail_each_time_and_other_rooms_do_not_notice() throws Exception {
      assertOthersWork();
      for (int time = 0; time < 3; time++) {
        assertDamaged(store.load(damaged));
        assertDamaged(store.load(damaged));
        assertOthersWork();
        assertDamaged(store.read(damaged, lost));
        assertDamaged(store.list(damaged, KeyRange.all(), 1 << 20));
        assertOthersWork();
      }
    }

    @Test
    void O2_its_commits_are_refused_each_time_and_other_rooms_do_not_notice() throws Exception {
      assertOthersWork();
      for (int time = 0; time < 3; time++) {
        assertDamagedCommit();
        assertDamagedCommit();
        assertOthersWork();
        assertRefused(
            store.commit(
                new WriteSet(damaged, store.epoch(), 2, 2, 0, true, KeyOrder.newMap(), List.of())),
            Reason.IO,
            "malformed");
        assertOthersWork();
      }
    }

    @Test
    void reads_that_wait_together_fail_for_their_own_reasons_only() throws Exception {
      Semaphore held = execution.holdAt(StoreFailpoints.READER);
      CompletableFuture<?> first = store.load(small);
      execution.awaitHeld();
      List<CompletableFuture<?>> bad = new ArrayList<>();
      List<CompletableFuture<?>> good = new ArrayList<>();
      for (int time = 0; time < 3; time++) {
        good.add(store.load(healthy));
        bad.add(store.load(damaged));
        good.add(store.read(healthy, "key000"));
        bad.add(store.read(damaged, lost));
      }
      good.add(store.rooms("chat", null, 10));
      held.release();

      await(first);
      for (CompletableFuture<?> read : bad) {
        assertDamaged(read);
      }
      for (CompletableFuture<?> read : good) {
        await(read);
      }
    }

    @Test
    void O2_sets_that_wait_together_are_refused_for_their_own_reasons_only() throws Exception {
      Semaphore held = execution.holdAt(StoreFailpoints.BEFORE_BEGIN);
      var first = store.commit(set(room(4), 1, "a"));
      execution.awaitHeld();
      var before = store.commit(set(healthy, 2, "key001"));
      var bad = store.commit(set(damaged, 2, lost));
      var between = store.commit(set(room(5), 1, "a"));
      var unstorable = store.commit(set(small, 2, UNSTORABLE));
      var after = store.commit(set(healthy, 3, "key001"));
      held.release();

      for (var good : List.of(first, before, between, after)) {
        await(good);
      }
      assertRefused(bad, Reason.IO, "malformed");
      assertRefused(unstorable, Reason.REJECTED, "too big");
      round = 3;
      assertThat(keys(store, healthy)).containsEntry("key001", "new");
      assertThat(keys(store, small)).isEqualTo(Map.of("a", "1"));
    }
  }

  @Nested
  class When_a_set_cannot_be_stored {

    @Test
    void O2_it_is_refused_each_time_and_other_rooms_do_not_notice() throws Exception {
      assertOthersWork();
      for (int time = 0; time < 3; time++) {
        assertUnstorable();
        assertUnstorable();
        assertOthersWork();
        assertDamagedCommit();
        assertUnstorable();
        assertDamaged(store.load(damaged));
        assertOthersWork();
      }
      await(store.commit(set(small, 2, "a")));
      assertThat(keys(store, small)).isEqualTo(Map.of("a", "new"));
    }
  }
}
