package dev.dormouse.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// When the index is told of rooms with SQL: never too late for those who find rooms by it (A2).
///
/// Each set for it waits until the test lets it go, or fails it.
class IndexInTimeTest extends WithSqlStore {
  /// One thread for statements: who asks later is answered later.
  private static final SqlSettings ONE =
      new SqlSettings(
          8, 1, 1, 1 << 20, 1_000_000, Duration.ofSeconds(60), 1 << 20, 2_000, 256 * 1024);

  private final BlockingQueue<Held> held = new LinkedBlockingQueue<>();
  private volatile boolean holding;

  /// A set on its way to the index.
  private record Held(RoomStore index, WriteSet set, CompletableFuture<Position> answer) {
    void letGo() {
      var _ =
          index
              .commit(set)
              .whenComplete((position, failure) -> {
                if (failure == null) {
                  answer.complete(position);
                } else {
                  answer.completeExceptionally(failure);
                }
              });
    }

    void fail() {
      answer.completeExceptionally(new IOException("the index failed, as it was told to"));
    }
  }

  @Override
  RoomStore index(RoomStore others) {
    return (RoomStore)
        Proxy.newProxyInstance(
            RoomStore.class.getClassLoader(),
            new Class<?>[] {RoomStore.class},
            (_, method, arguments) -> {
              if (!holding || !method.getName().equals("commit")) {
                return method.invoke(others, arguments);
              }
              Held set = new Held(others, (WriteSet) arguments[0], new CompletableFuture<>());
              held.add(set);
              return set.answer();
            });
  }

  private Held next() throws InterruptedException {
    Held next = held.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("the index is told nothing");
    }
    return next;
  }

  private CompletableFuture<Position> commit(WriteSet.AlarmChange change) {
    long sequence = sequences.merge(A, 1L, Long::sum);
    return store.commit(
        new WriteSet(
            A,
            store.epoch(),
            sequence,
            sequence,
            0,
            false,
            KeyOrder.newMap(),
            List.of(change),
            0,
            Set.of(),
            null,
            0));
  }

  private CompletableFuture<Position> alarm(String name, long due) {
    return commit(new WriteSet.PutAlarm(AlarmRow.at(name, due)));
  }

  private List<String> due() {
    return store.dueAlarms(10, 10).join().alarms().stream().map(RoomStore.DueAlarm::name).toList();
  }

  @Test
  void A2_who_reads_a_room_waits_until_the_index_says_what_its_file_says() throws Exception {
    run(A, "CREATE TABLE t (a)");
    run(room(2), "CREATE TABLE t (a)");
    execution.at = SqlFailpoints.INDEXED;
    failed(alarm("ghost", 5));
    reopen(ONE);
    assertThat(due()).containsExactly("ghost");
    holding = true;

    CompletableFuture<RoomImage> image = store.load(A);
    Held mending = next();
    store.load(room(2)).join();
    assertThat(image).isNotDone();
    mending.letGo();
    assertThat(image.join().alarms()).isEmpty();
    assertThat(due()).isEmpty();
  }

  @Test
  void A2_a_room_can_be_read_though_the_index_cannot_be_told_and_is_mended_later()
      throws Exception {
    run(A, "CREATE TABLE t (a)");
    execution.at = SqlFailpoints.INDEXED;
    failed(alarm("ghost", 5));
    reopen(ONE);
    for (int i = 0; i < 3; i++) {
      holding = true;
      CompletableFuture<RoomImage> image = store.load(A);
      next().fail();
      assertThat(image.join().alarms()).isEmpty();
    }
    holding = false;
    assertThat(store.load(A).join().alarms()).isEmpty();
    assertThat(due()).isEmpty();
  }

  @Test
  void A2_a_set_tells_the_index_again_if_that_was_mended_while_it_waited() throws Exception {
    reopen(ONE);
    join(alarm("old", 5));
    CountDownLatch synced = new CountDownLatch(1);
    List<List<String>> dueBeforeCommit = Collections.synchronizedList(new ArrayList<>());
    execution.passes =
        name -> {
          switch (name) {
            case SqlFailpoints.BEFORE_SYNC -> await(synced);
            case SqlFailpoints.BEFORE_COMMIT -> dueBeforeCommit.add(due());
            default -> {}
          }
        };
    holding = true;
    CompletableFuture<Position> first = commit(new WriteSet.DeleteAlarm("old"));
    CompletableFuture<Position> second = alarm("new", 6);
    Held told = next();
    // The first is synced, and the index cannot be told that its alarm is gone.
    synced.countDown();
    next().fail();
    join(first);
    holding = false;
    told.letGo();

    join(second);
    assertThat(dueBeforeCommit.getLast()).containsExactly("new");
    assertThat(due()).containsExactly("new");
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody let it go");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
