package dev.dormouse.storage.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.BackupPart;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.SqlTurn;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.storage.RestoredFolder;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import dev.dormouse.storage.StoredFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Backups of rooms with SQL: all of one moment, whatever rooms do while they are made.
@Timeout(60)
class SqlBackupTest {
  private static final String SPACE = "tables";
  private static final RoomId A = room(1);
  private static final RoomId B = room(2);
  private static final RoomId C = room(3);

  @TempDir Path folder;
  private final SystemExecution execution = new SystemExecution();
  private final List<AutoCloseable> open = new ArrayList<>();
  private At at;

  /// A data folder, open.
  private record At(SqliteRoomStore files, SqlRoomStore store) {
    CompletableFuture<Position> commit(RoomId room, @Nullable SqlTurn turn, boolean clear) {
      long sequence = store.load(room).join().sequence() + 1;
      SortedMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
      if (!clear) {
        changes.put("count", Optional.of(Long.toString(sequence).getBytes(UTF_8)));
      }
      return store.commit(
          new WriteSet(
              room,
              store.epoch(),
              sequence,
              sequence,
              0,
              clear,
              changes,
              List.of(),
              0,
              Set.of(),
              null,
              turn == null ? 0 : turn.number()));
    }

    SqlTurn begun(RoomId room, String... statements) {
      SqlTurn turn = store.sqlTurn(room);
      for (String each : statements) {
        turn.exec(1, false, each, List.of()).join();
      }
      return turn;
    }

    void run(RoomId room, String... statements) {
      commit(room, begun(room, statements), false).join();
    }

    List<@Nullable Object> rows(RoomId room) {
      SqlTurn turn = store.sqlTurn(room);
      List<@Nullable Object> values = new ArrayList<>();
      turn.exec(1, true, "SELECT a FROM t ORDER BY a", List.of())
          .join()
          .rows()
          .forEach(row -> values.add(row[0]));
      turn.end();
      return values;
    }
  }

  private record Into(Path folder) implements BackupPart.Target {
    @Override
    public Path make(String name) throws IOException {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.createFile(file);
    }

    @Override
    public void wrote(long bytes) {}

    @Override
    public void complete(String name) {
      assertThat(folder.resolve(name)).exists();
    }
  }

  private static long number(At at, RoomId room) {
    return at.rows(room).getFirst() instanceof Long number ? number : -1;
  }

  private static RoomId room(int number) {
    byte[] bytes = new byte[RoomId.BYTES];
    Arrays.fill(bytes, (byte) number);
    return RoomId.of(SPACE, bytes, null);
  }

  private At open(Path data) throws IOException {
    SqliteRoomStore files = SqliteRoomStore.open(data, StoreSettings.defaults(), execution);
    SqlRoomStore store =
        SqlRoomStore.open(files, data, Set.of(SPACE), SqlSettings.defaults(), execution);
    open.add(store);
    return new At(files, store);
  }

  @BeforeEach
  void fill() throws IOException {
    at = open(folder.resolve("data"));
    for (RoomId room : List.of(A, B)) {
      at.run(room, "CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1)");
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  /// The moment, with both parts.
  private List<BackupPart.Pinned> moment(Runnable whileHeld) throws Exception {
    try (BackupPart.Hold sql = at.store().backup().hold();
        BackupPart.Hold index = at.files().backup().hold()) {
      whileHeld.run();
      return List.of(sql.pin(), index.pin());
    }
  }

  private At restored(List<BackupPart.Pinned> parts) throws Exception {
    return restored(parts, "restored");
  }

  private At restored(List<BackupPart.Pinned> parts, String name) throws Exception {
    Path to = folder.resolve(name);
    RestoredFolder.begin(to);
    for (BackupPart.Pinned part : parts) {
      part.copy(new Into(to));
    }
    for (BackupPart.Pinned part : parts) {
      part.close();
    }
    RestoredFolder.complete(to, StoredFormat.CURRENT, 1);
    return open(to);
  }

  @Test
  void S5_has_rooms_as_they_were_at_the_moment_whatever_they_did_since() throws Exception {
    List<BackupPart.Pinned> parts = moment(() -> {});
    at.run(A, "INSERT INTO t VALUES (2)");
    SqlTurn gone = at.store().sqlTurn(B);
    gone.clear(1).join();
    at.commit(B, gone, true).join();
    at.run(C, "CREATE TABLE t (a INTEGER)");
    assertThat(at.rows(A)).containsExactly(1L, 2L);

    At copy = restored(parts);
    assertThat(copy.store().epoch()).isGreaterThan(at.store().epoch() + 1_000);
    assertThat(copy.rows(A)).containsExactly(1L);
    assertThat(copy.rows(B)).containsExactly(1L);
    assertThat(copy.store().read(B, "count").join()).hasValue("1".getBytes(UTF_8));
    assertThat(copy.store().rooms(SPACE, null, 10).join()).containsExactly(A, B);
    copy.run(A, "INSERT INTO t VALUES (3)");
    assertThat(copy.rows(A)).containsExactly(1L, 3L);
  }

  /// How many locks there are on rooms' files; each of them, while it is open, has some.
  private long locks() throws IOException {
    List<String> inodes = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder.resolve("data"))) {
      for (Path each : all.filter(path -> path.toString().contains("/" + SPACE + "/")).toList()) {
        if (each.toString().endsWith(".db")) {
          inodes.add(":" + Files.getAttribute(each, "unix:ino") + " ");
        }
      }
    }
    try (Stream<String> held = Files.lines(Path.of("/proc/locks"))) {
      return held.filter(line -> inodes.stream().anyMatch(line::contains)).count();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void S5_leaves_the_locks_on_files_that_are_open() throws Exception {
    long before = locks();
    assertThat(before).isPositive();

    At copy = restored(moment(() -> {}));

    assertThat(locks()).isEqualTo(before);
    assertThat(copy.rows(A)).containsExactly(1L);
  }

  @Test
  void S5_no_room_is_ahead_of_one_that_was_told_before_it() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> {
          for (int i = 2; !over.get(); i++) {
            at.run(A, "UPDATE t SET a = " + i);
            at.run(B, "UPDATE t SET a = " + i);
          }
        });
    List<At> copies = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      copies.add(restored(moment(() -> {}), "restored" + i));
    }
    over.set(true);
    writer.join();
    for (At copy : copies) {
      long first = number(copy, A);
      long second = number(copy, B);
      assertThat(second).isBetween(first - 1, first);
    }
  }

  @Test
  void a_commit_waits_while_all_is_held_and_is_not_in_it() throws Exception {
    List<CompletableFuture<Position>> late = new ArrayList<>();
    SqlTurn turn = at.begun(A, "INSERT INTO t VALUES (2)");
    List<BackupPart.Pinned> parts =
        moment(() -> {
          late.add(at.commit(A, turn, false));
          assertThat(late.getFirst()).isNotDone();
        });
    late.getFirst().join();
    assertThat(at.rows(A)).containsExactly(1L, 2L);
    assertThat(restored(parts).rows(A)).containsExactly(1L);
  }

  @Test
  void what_an_open_turn_has_written_is_not_in_it() throws Exception {
    // More than the cache holds, so that it lies in the log.
    SqlTurn turn =
        at.begun(
            A,
            "WITH RECURSIVE n(x) AS (VALUES (2) UNION ALL SELECT x + 1 FROM n WHERE x < 300000)"
                + " INSERT INTO t SELECT x FROM n");
    At copy = restored(moment(() -> {}));
    assertThat(copy.rows(A)).containsExactly(1L);
    at.commit(A, turn, false).join();
    assertThat(at.store().load(A).join().sequence()).isEqualTo(2);
  }

  @Test
  void is_none_when_a_rooms_file_is_damaged() throws Exception {
    at.run(A, "INSERT INTO t SELECT value FROM json_each('[1,2,3,4,5,6,7,8,9]')");
    at.store().close();
    open.remove(at.store());
    String hex = A.hex();
    Path file = folder.resolve("data/sql/tables/" + hex.substring(0, 2) + "/" + hex + ".db");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4096, bytes.length, (byte) 0xee);
    Files.write(file, bytes);
    at = open(folder.resolve("data"));

    List<BackupPart.Pinned> parts = moment(() -> {});
    assertThatThrownBy(() -> parts.getFirst().copy(new Into(folder.resolve("to"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(hex);
    for (BackupPart.Pinned part : parts) {
      part.close();
    }
    // Everything was let go.
    at.run(B, "INSERT INTO t VALUES (2)");
    assertThat(at.rows(B)).containsExactly(1L, 2L);
  }
}
