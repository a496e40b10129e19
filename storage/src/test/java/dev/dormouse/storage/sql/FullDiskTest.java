package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.SqlTurn;
import dev.dormouse.room.spi.WriteSet;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What rooms with SQL do on a full disk: say so, lose nothing, can be read, and go on when there
/// is space (O2).
///
/// The disk is told to be full where that is looked for. With a small file system of its own, which
/// it fills, this shows it in earnest:
///
/// ```
/// mount -t tmpfs -o size=8m tmpfs /mnt/small
/// ./build verify -pl storage -am -Dtest=FullDiskTest -Dsurefire.failIfNoSpecifiedTests=false \
///     -Ddormouse.small.disk=/mnt/small
/// ```
class FullDiskTest extends WithSqlStore {
  private static final String SMALL = System.getProperty("dormouse.small.disk", "");
  private static final RoomId B = room(2);

  /// One thread, so that whoever is asked last is answered last; one file, so that each is opened
  /// again and again.
  private static final SqlSettings ONE =
      new SqlSettings(
          1, 1, 1, 1 << 20, 1_000_000, Duration.ofSeconds(60), 1 << 20, 2_000, 256 * 1024);

  private final Path data =
      SMALL.isEmpty() ? Path.of("") : Path.of(SMALL, "full-" + System.nanoTime());

  @Override
  Path data() {
    return SMALL.isEmpty() ? super.data() : data;
  }

  private Path ballast() {
    return data().resolve("ballast");
  }

  private void fill() throws IOException {
    if (SMALL.isEmpty()) {
      execution.full = true;
      return;
    }
    byte[] some = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast())) {
      for (int i = 0; i < 1 << 20; i++) {
        out.write(some);
      }
      throw new AssertionError(SMALL + " is not small");
    } catch (IOException noSpace) {
      assertThat(Files.size(ballast())).isPositive();
    }
  }

  @AfterEach
  @Override
  void close() {
    try {
      makeSpace();
      super.close();
      if (!SMALL.isEmpty()) {
        try (Stream<Path> all = Files.walk(data)) {
          for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(each);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeSpace() throws IOException {
    execution.full = false;
    Files.deleteIfExists(ballast());
  }

  /// Has all who look again whether there is space do so, and waits for them.
  private void lookAgain() {
    execution.runTimers();
    var _ = store.load(A).handle((_, _) -> "").join();
    // Refused in any case, and after the other store has looked.
    RoomId plain = RoomId.of("plain", A.bytes(), null);
    var _ =
        store
            .commit(
                new WriteSet(plain, store.epoch(), 7, 7, 0, false, KeyOrder.newMap(), List.of()))
            .handle((_, _) -> "")
            .join();
  }

  /// Adds rows until there is no space; says how many were acknowledged.
  private int grow(RoomId room) {
    for (int rows = 0; rows < 100; rows++) {
      SqlTurn turn = store.sqlTurn(room);
      // A disk that is full in name only has a room find no space by asking for very much.
      String more = SMALL.isEmpty() && rows > 3 ? " FROM json_each('[1,2,3,4,5,6,7,8]')" : "";
      String blob = more.isEmpty() ? "zeroblob(50000)" : "zeroblob(1000000)";
      Throwable thrown = catchThrowable(() -> exec(turn, "INSERT INTO t SELECT " + blob + more));
      if (thrown != null) {
        turn.abandon();
        assertThat(thrown).isInstanceOf(Refusal.StorageFull.class).hasMessageContaining("tables:");
        return rows;
      }
      var commit = commit(room, turn);
      if (commit.handle((_, failure) -> failure != null).join()) {
        sequences.merge(room, -1L, Long::sum);
        assertFull(failed(commit));
        return rows;
      }
    }
    throw new AssertionError("a full disk took 5 MB");
  }

  private static void assertFull(CommitFailure failure) {
    assertThat(failure.reason()).as(failure.toString()).isEqualTo(Reason.FULL);
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
  }

  private void refused(RoomId room) {
    assertFull(failed(commit(room, null, "more")));
    sequences.merge(room, -1L, Long::sum);
  }

  private long rows(RoomId room) {
    return (Long) Objects.requireNonNull(column(room, "SELECT count(*) FROM t").getFirst());
  }

  @Test
  void O2_a_full_disk_refuses_clearly_loses_nothing_and_all_goes_on_when_there_is_space()
      throws Exception {
    reopen(ONE);
    for (RoomId room : List.of(A, B)) {
      run(room, "CREATE TABLE t (a)");
      run(room, "INSERT INTO t VALUES ('kept')");
    }

    fill();
    int acknowledged = grow(A);
    assertThat(store.trouble()).hasValueSatisfying(why -> assertThat(why).contains("disk"));
    refused(A);
    refused(B);
    // A room that is not there yet, too.
    refused(room(3));
    SqlTurn making = store.sqlTurn(room(4));
    Throwable thrown =
        catchThrowable(() -> {
          exec(making, "CREATE TABLE t (a)");
          assertFull(failed(commit(room(4), making)));
          sequences.put(room(4), 0L);
        });
    making.abandon();
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(Refusal.StorageFull.class).hasMessageContaining("tables:");
    }
    for (int i = 0; i < 3; i++) {
      assertThat(rows(B)).isEqualTo(1);
      assertThat(rows(A)).isEqualTo(1 + acknowledged);
    }
    lookAgain();
    assertThat(store.trouble()).as("looking changes nothing").isPresent();
    refused(B);

    makeSpace();
    lookAgain();
    assertThat(store.trouble()).isEmpty();
    for (RoomId room : List.of(A, B)) {
      run(room, "INSERT INTO t VALUES ('again')");
    }
    run(room(4), "CREATE TABLE t (a)");
    reopen(ONE);
    assertThat(rows(A)).isEqualTo(2 + acknowledged);
    assertThat(rows(B)).isEqualTo(2);
    assertThat(rows(room(4))).isZero();
  }

  @Test
  void O2_a_full_disk_is_looked_at_once_however_many_find_it_full() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    execution.passes = name -> looks.addAndGet(name.equals(SqlFailpoints.PROBE) ? 1 : 0);
    Disk disk = new Disk(Places.in(folder.resolve("disk")), execution, Runnable::run);
    assertThat(disk.isFull()).isFalse();
    assertThat(looks).hasValue(1);
    execution.full = true;
    for (int i = 0; i < 10; i++) {
      assertThat(disk.isFull()).isTrue();
    }
    assertThat(looks).hasValue(2);

    execution.full = false;
    execution.runTimers();
    assertThat(looks).hasValue(3);
    assertThat(disk.trouble()).isEmpty();
    assertThat(disk.isFull()).isFalse();
  }

  @Test
  void O2_a_disk_that_cannot_be_tried_and_has_space_is_not_full() throws Exception {
    Path there = folder.resolve("disk");
    Disk disk = new Disk(Places.in(there), execution, Runnable::run);
    // As with too few descriptors, there is nothing to write to.
    Files.createDirectory(there.resolve("probe"));

    assertThat(disk.isFull()).isFalse();
    assertThat(disk.trouble()).isEmpty();
  }

  @Test
  void O2_what_a_killed_process_left_can_be_read_on_a_full_disk() throws Exception {
    reopen(ONE);
    run(A, "CREATE TABLE t (a)");
    for (int i = 0; i < 5; i++) {
      run(A, "INSERT INTO t VALUES (zeroblob(50000))");
    }
    // The log as it is while the file is open.
    Path file = data().resolve("sql/tables/01").resolve(A.hex() + ".db");
    byte[] log = Files.readAllBytes(RoomFile.log(file));
    byte[] old = Files.readAllBytes(file);
    store.close();
    Files.write(file, old);
    Files.write(RoomFile.log(file), log);
    fill();
    try (RoomFile left = RoomFile.open(file, 1 << 20)) {
      assertThat(left.number("SELECT count(*) FROM t")).isEqualTo(5);
    } finally {
      makeSpace();
      open();
    }
  }
}
