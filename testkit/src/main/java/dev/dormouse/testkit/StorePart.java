package dev.dormouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tests of one subject in a [RoomStoreContract], and what they say to the store.
abstract class StorePart {
  static final String SPACE = "chat";

  private final RoomStoreContract contract;

  /// The sets made so far for each room: what the next one's sequence and version follow from.
  final Map<RoomId, Long> sequences = new LinkedHashMap<>();

  StorePart(RoomStoreContract contract) {
    this.contract = contract;
  }

  final RoomStore store() {
    return contract.store();
  }

  final void reopen() throws Exception {
    contract.reopen();
  }

  /// After a close.
  final void open() throws Exception {
    contract.open_the_store();
  }

  final long now() {
    return contract.now();
  }

  final <T> T await(CompletableFuture<T> future) throws Exception {
    return contract.await(future);
  }

  /// A room whose id begins with `first`, so that shards and order are known.
  static RoomId room(int first) {
    return room(SPACE, first, null);
  }

  static RoomId room(String namespace, int first, @Nullable String name) {
    byte[] bytes = new byte[RoomId.BYTES];
    Arrays.fill(bytes, (byte) 7);
    bytes[0] = (byte) first;
    return RoomId.of(namespace, bytes, name);
  }

  /// Builds the next write set of a room.
  final Draft next(RoomId room) {
    return new Draft(room, sequences.merge(room, 1L, Long::sum));
  }

  final class Draft {
    private final RoomId room;
    private final long sequence;
    private long epoch = store().epoch();
    private long version;
    private int schema;
    private boolean clear;
    private @Nullable RoomSize size;
    private final SortedMap<String, Optional<byte[]>> changes = new TreeMap<>(KeyOrder.UTF8);
    private final List<WriteSet.AlarmChange> alarms = new ArrayList<>();

    Draft(RoomId room, long sequence) {
      this.room = room;
      this.sequence = sequence;
      this.version = sequence;
    }

    Draft put(String key, String value) {
      return put(key, value.getBytes(UTF_8));
    }

    Draft put(String key, byte[] value) {
      changes.put(key, Optional.of(value));
      return this;
    }

    Draft delete(String key) {
      changes.put(key, Optional.empty());
      return this;
    }

    Draft clear() {
      clear = true;
      return this;
    }

    Draft alarm(AlarmRow row) {
      alarms.add(new WriteSet.PutAlarm(row));
      return this;
    }

    Draft noAlarm(String name) {
      alarms.add(new WriteSet.DeleteAlarm(name));
      return this;
    }

    Draft numbers(long version, int schema) {
      this.version = version;
      this.schema = schema;
      return this;
    }

    Draft size(long bytes, long keys) {
      size = new RoomSize(bytes, keys);
      return this;
    }

    Draft epoch(long epoch) {
      this.epoch = epoch;
      return this;
    }

    private long number;
    private Set<Long> after = Set.of();

    /// By which sets of other rooms name it.
    Draft number(long number) {
      this.number = number;
      return this;
    }

    Draft after(long... numbers) {
      after = Arrays.stream(numbers).boxed().collect(Collectors.toUnmodifiableSet());
      return this;
    }

    CompletableFuture<Position> submit() {
      return store()
          .commit(
              new WriteSet(
                  room,
                  epoch,
                  sequence,
                  version,
                  schema,
                  clear,
                  Collections.unmodifiableSortedMap(changes),
                  List.copyOf(alarms),
                  number,
                  after,
                  size,
                  0));
    }

    Position commit() throws Exception {
      return await(submit());
    }
  }

  final RoomImage load(RoomId room) throws Exception {
    return await(store().load(room));
  }

  /// All keys as text, however the room is loaded.
  final Map<String, String> keys(RoomId room) throws Exception {
    Map<String, String> keys = new LinkedHashMap<>();
    switch (load(room).keys()) {
      case RoomImage.Whole(var entries) ->
          entries.forEach((key, value) -> keys.put(key, new String(value, UTF_8)));
      case RoomImage.OnDemand() ->
          await(store().list(room, KeyRange.all(), Long.MAX_VALUE))
              .forEach(entry -> keys.put(entry.key(), entry.text()));
    }
    return keys;
  }

  final List<String> list(RoomId room, KeyRange range) throws Exception {
    return await(store().list(room, range, Long.MAX_VALUE)).stream()
        .map(Storage.Entry::key)
        .toList();
  }

  final CommitFailure failure(CompletableFuture<Position> refused) throws Exception {
    try {
      Position position = await(refused);
      throw new AssertionError("was committed at " + position);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CommitFailure failure) {
        return failure;
      }
      throw new AssertionError("a commit fails with a CommitFailure only", e);
    }
  }

  final void assertRefused(CompletableFuture<Position> future, Reason reason) throws Exception {
    CommitFailure failure = failure(future);
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(failure).hasMessageContaining(SPACE);
  }
}
