package dev.dormouse.storage.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.SqlPage;
import dev.dormouse.room.spi.SqlTurn;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.storage.DataFolderException;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import dev.dormouse.testkit.FailpointExecution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A store of rooms with SQL on its threads, and turns in it without the rooms that make them.
abstract class WithSqlStore {
  static final String SPACE = "tables";

  @TempDir Path folder;
  final Failing execution = new Failing();
  final Map<RoomId, Long> sequences = new HashMap<>();
  SqlRoomStore store;

  /// Throws at a failpoint, once, or does something else at each; can tell the store that the disk
  /// is full. Its timers run when the test says so.
  static final class Failing extends FailpointExecution {
    private final Queue<Runnable> timers = new ConcurrentLinkedQueue<>();
    volatile String at = "";
    volatile boolean full;
    volatile Consumer<String> passes = _ -> {};

    /// What the clock for statements shows; null while it runs.
    volatile @Nullable Long stopped;

    @Override
    public long nanoTime() {
      Long shows = stopped;
      return shows != null ? shows : super.nanoTime();
    }

    @Override
    public void failpoint(String name) {
      passes.accept(name);
      if (name.equals(at)) {
        at = "";
        throw new UncheckedIOException(new IOException("the disk failed, as it was told to"));
      }
      if (full && name.equals(SqlFailpoints.PROBE)) {
        throw new UncheckedIOException(new IOException("no space, as it was told"));
      }
    }

    @Override
    public Timer schedule(Duration delay, Runnable work) {
      timers.add(work);
      return () -> timers.remove(work);
    }

    /// Runs those that are set.
    void runTimers() {
      for (int left = timers.size(); left > 0; left--) {
        Runnable timer = timers.poll();
        if (timer != null) {
          timer.run();
        }
      }
    }
  }

  /// The data folder.
  Path data() {
    return folder;
  }

  @BeforeEach
  void open() throws Exception {
    store = opened(SqlSettings.defaults());
  }

  /// The store of all other rooms, as that of rooms with SQL is to see it.
  RoomStore index(RoomStore others) {
    return others;
  }

  private SqlRoomStore opened(SqlSettings settings) throws DataFolderException {
    return SqlRoomStore.open(
        index(SqliteRoomStore.open(data(), StoreSettings.defaults(), execution)),
        data(),
        Set.of(SPACE),
        settings,
        execution);
  }

  void reopen(SqlSettings settings) throws DataFolderException {
    store.close();
    store = opened(settings);
  }

  @AfterEach
  void close() {
    store.close();
  }

  static RoomId room(int number) {
    byte[] bytes = new byte[RoomId.BYTES];
    Arrays.fill(bytes, (byte) 7);
    bytes[0] = (byte) number;
    bytes[1] = (byte) (number >> 8);
    bytes[5] = (byte) number;
    bytes[6] = (byte) (number >> 8);
    return RoomId.of(SPACE, bytes, null);
  }

  static final RoomId A = room(1);

  static SqlPage exec(SqlTurn turn, String sql, @Nullable Object... bindings) {
    return join(turn.exec(1, false, sql, Arrays.asList(bindings)));
  }

  /// Asks what somebody else may have written.
  static CompletableFuture<SqlPage> ask(SqlTurn turn, String sql) {
    return turn.exec(1, true, sql, List.of());
  }

  static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  CompletableFuture<Position> commit(RoomId room, @Nullable SqlTurn turn, String... keys) {
    SortedMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
    for (String key : keys) {
      changes.put(key, Optional.of(key.getBytes(UTF_8)));
    }
    long sequence = sequences.merge(room, 1L, Long::sum);
    return store.commit(
        new WriteSet(
            room,
            store.epoch(),
            sequence,
            sequence,
            0,
            false,
            changes,
            List.of(),
            0,
            Set.of(),
            null,
            turn == null ? 0 : turn.number()));
  }

  /// One turn of one statement, committed.
  void run(RoomId room, String sql, @Nullable Object... bindings) {
    SqlTurn turn = store.sqlTurn(room);
    exec(turn, sql, bindings);
    join(commit(room, turn));
  }

  List<@Nullable Object> column(RoomId room, String sql) {
    SqlTurn turn = store.sqlTurn(room);
    List<@Nullable Object> values = new ArrayList<>();
    exec(turn, sql).rows().forEach(row -> values.add(row[0]));
    turn.end();
    return values;
  }

  static SqlFailure failure(SqlTurn turn, String sql) {
    Throwable thrown = catchThrowable(() -> exec(turn, sql));
    assertThat(thrown).as(sql).isInstanceOf(SqlFailure.class);
    return (SqlFailure) thrown;
  }

  static CommitFailure failed(CompletableFuture<Position> commit) {
    Throwable thrown = catchThrowable(commit::join);
    if (thrown.getCause() instanceof CommitFailure failure) {
      return failure;
    }
    throw new AssertionError("failed otherwise", thrown);
  }
}
