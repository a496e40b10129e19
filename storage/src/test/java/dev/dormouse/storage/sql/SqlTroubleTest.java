package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.SqlTurn;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.storage.DataFolderException;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What failures leave of rooms with SQL (O2, S4).
class SqlTroubleTest extends WithSqlStore {

  @Test
  void O2_a_failed_sync_fails_all_who_shared_it_and_the_chain_and_the_room_goes_on()
      throws Exception {
    run(A, "CREATE TABLE t (a)");
    execution.at = SqlFailpoints.BEFORE_SYNC;
    List<CompletableFuture<Position>> commits = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      commits.add(commit(A, null, "key" + i));
    }

    CommitFailure first = failed(commits.getFirst());
    assertThat(first.reason()).isEqualTo(Reason.IO);
    assertThat(first.outcome()).isEqualTo(Outcome.UNKNOWN);
    commits.forEach(each -> assertThat(failed(each)).isNotNull());
    long sequence = store.load(A).join().sequence();
    assertThat(sequence).isGreaterThan(1L << 32);
    sequences.put(A, sequence);
    run(A, "INSERT INTO t VALUES (1)");
    assertThat(column(A, "SELECT a FROM t")).containsExactly(1L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {SqlFailpoints.BEFORE_INDEX, SqlFailpoints.INDEXED, SqlFailpoints.BEFORE_COMMIT})
  void O2_what_fails_before_the_commit_is_not_applied(String failpoint) throws Exception {
    run(A, "CREATE TABLE t (a)");
    SqlTurn turn = store.sqlTurn(A);
    exec(turn, "INSERT INTO t VALUES (1)");
    execution.at = failpoint;

    CommitFailure failure = failed(commit(A, turn, "key"));
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(store.load(A).join().sequence()).isEqualTo(1);
    sequences.put(A, 1L);
    assertThat(column(A, "SELECT a FROM t")).isEmpty();
    run(A, "INSERT INTO t VALUES (2)");
    assertThat(column(A, "SELECT a FROM t")).containsExactly(2L);
  }

  @Test
  void A2_an_alarm_that_was_indexed_and_never_stored_is_gone_after_the_room_was_read()
      throws Exception {
    run(A, "CREATE TABLE t (a)");
    execution.at = SqlFailpoints.INDEXED;
    failed(
        store.commit(
            new WriteSet(
                A,
                store.epoch(),
                2,
                2,
                0,
                false,
                KeyOrder.newMap(),
                List.of(new WriteSet.PutAlarm(AlarmRow.at("ghost", 5))))));
    assertThat(store.dueAlarms(10, 10).join().alarms()).hasSize(1);

    assertThat(store.load(A).join().alarms()).isEmpty();
    reopen(SqlSettings.defaults());
    assertThat(store.dueAlarms(10, 10).join().alarms()).isEmpty();
  }

  @Test
  void a_mark_that_was_indexed_and_never_stored_is_gone_after_the_next_start() throws Exception {
    run(A, "CREATE TABLE t (a)");
    execution.at = SqlFailpoints.INDEXED;
    failed(commit(A, null, RoomStore.MARKS + "f/ghost"));
    assertThat(store.marks("f/", null, 10).join()).hasSize(1);
    reopen(SqlSettings.defaults());
    store.close();
    open();

    assertThat(store.marks("", null, 10).join()).isEmpty();
  }

  @Test
  void S4_a_file_that_is_missing_is_named() throws Exception {
    run(A, "CREATE TABLE t (a)");
    store.close();
    Path file = folder.resolve("sql").resolve(SPACE).resolve(A.hex().substring(0, 2));
    Files.delete(file.resolve(A.hex() + ".db"));
    open();

    Throwable thrown = catchThrowable(() -> store.load(A).join());
    assertThat(thrown).hasMessageContaining("missing").hasMessageContaining(A.hex());
  }

  @Test
  void S4_a_file_that_no_index_names_is_not_looked_at() throws Exception {
    SqlTurn turn = store.sqlTurn(A);
    exec(turn, "CREATE TABLE left_over (a)");
    execution.at = SqlFailpoints.BEFORE_INDEX;
    failed(commit(A, turn));
    sequences.put(A, 0L);
    reopen(SqlSettings.defaults());

    assertThat(store.load(A).join().tables()).isFalse();
    run(A, "CREATE TABLE left_over (a)");
  }

  /// A room of version 0 has what facilities wrote, and nothing else.
  @ParameterizedTest
  @CsvSource({"a, 1", "'\0saga/a', 0"})
  void S4_a_namespace_that_had_rooms_without_SQL_is_refused(String key, long version)
      throws Exception {
    RoomId plain = RoomId.of("plain", A.bytes(), null);
    SortedMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
    changes.put(key, Optional.of(new byte[1]));
    store
        .commit(new WriteSet(plain, store.epoch(), 1, version, 0, false, changes, List.of()))
        .join();
    store.close();
    SqliteRoomStore others = SqliteRoomStore.open(folder, StoreSettings.defaults(), execution);

    assertThatExceptionOfType(DataFolderException.class)
        .isThrownBy(() ->
            SqlRoomStore.open(others, folder, Set.of("plain"), SqlSettings.defaults(), execution))
        .withMessageContaining("'plain'");
    others.close();
    open();
  }

  @Test
  void S4_rooms_that_were_emptied_hinder_no_later_start() throws Exception {
    run(A, "CREATE TABLE t (a)");
    run(A, "DROP TABLE t");
    run(room(2), "CREATE TABLE t (a)");
    reopen(SqlSettings.defaults());
    assertThat(store.rooms(SPACE, null, 10).join()).containsExactly(room(2));
  }
}
