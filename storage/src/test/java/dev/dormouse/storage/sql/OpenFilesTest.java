package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.SqlTurn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// How few files are open for how many rooms with SQL (S4).
class OpenFilesTest extends WithSqlStore {

  @Test
  void S4_many_rooms_share_few_files() throws Exception {
    int rooms = Integer.getInteger("dormouse.sql.rooms", 120);
    int files = Integer.getInteger("dormouse.sql.files", 16);
    reopen(SqlSettings.defaults().withOpenFiles(files));
    Set<Integer> most = new HashSet<>();
    List<CompletableFuture<Position>> commits = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < rooms; i++) {
        commits.add(commit(room(i), null, "key" + round));
        most.add(store.openFiles());
      }
      commits.forEach(WithSqlStore::join);
    }
    for (int i = 0; i < rooms; i += 7) {
      run(room(i), "CREATE TABLE t (a)");
      assertThat(store.read(room(i), "key1").join()).isPresent();
      most.add(store.openFiles());
    }

    assertThat(most).allMatch(open -> open <= files).contains(files);
    assertThat(store.rooms(SPACE, null, rooms + 1).join()).hasSize(rooms);
    assertThat(store.known()).isLessThanOrEqualTo(files + 4);
  }

  @Test
  void S4_a_room_in_a_turn_keeps_its_file_and_others_wait_for_it() throws Exception {
    reopen(SqlSettings.defaults().withOpenFiles(1));
    SqlTurn turn = store.sqlTurn(A);
    exec(turn, "CREATE TABLE t (a)");
    CompletableFuture<Position> other = commit(room(2), null, "key");
    exec(turn, "INSERT INTO t VALUES (1)");
    assertThat(other).isNotDone();
    join(commit(A, turn));

    join(other);
    assertThat(column(A, "SELECT a FROM t")).containsExactly(1L);
  }

  @Test
  void S4_a_room_at_rest_gives_its_file_to_others_however_late_a_thread_looks_that_left_it()
      throws Exception {
    reopen(SqlSettings.defaults().withOpenFiles(1));
    CompletableFuture<Thread> late = new CompletableFuture<>();
    AtomicBoolean held = new AtomicBoolean(true);
    execution.passes =
        name -> {
          if (name.equals(SqlFailpoints.RESTS) && late.complete(Thread.currentThread())) {
            while (held.get()) {
              Thread.onSpinWait();
            }
          }
        };
    SqlTurn turn = store.sqlTurn(A);
    exec(turn, "CREATE TABLE t (a)");
    Thread leaving = late.join();
    // The turn is under way as that thread sees it, and ends before it goes on.
    join(commit(A, turn));
    held.set(false);
    while (leaving.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    assertThat(commit(room(2), null, "key")).succeedsWithin(Duration.ofSeconds(30));
  }
}
