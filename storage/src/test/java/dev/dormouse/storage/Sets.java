package dev.dormouse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Rooms and write sets for tests.
final class Sets {
  private Sets() {}

  static RoomId room(int number) {
    return room(number, null);
  }

  static RoomId room(int number, @Nullable String name) {
    byte[] id = new byte[RoomId.BYTES];
    Arrays.fill(id, (byte) number);
    id[31] = (byte) (number >> 8);
    return RoomId.of("chat", id, name);
  }

  static WriteSet put(RoomStore store, RoomId room, long sequence, String key, byte[] value) {
    SortedMap<String, Optional<byte[]>> changes = KeyOrder.newMap();
    changes.put(key, Optional.of(value));
    return set(store, room, sequence, changes);
  }

  static WriteSet put(RoomStore store, RoomId room, long sequence, String key, String value) {
    return put(store, room, sequence, key, value.getBytes(UTF_8));
  }

  static WriteSet set(
      RoomStore store, RoomId room, long sequence, SortedMap<String, Optional<byte[]>> changes) {
    return new WriteSet(room, store.epoch(), sequence, sequence, 0, false, changes, List.of());
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  static CommitFailure failure(CompletableFuture<Position> refused) throws Exception {
    try {
      throw new AssertionError("was committed at " + await(refused));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CommitFailure failure) {
        return failure;
      }
      throw new AssertionError("a commit fails with a CommitFailure only", e);
    }
  }

  static Map<String, String> keys(RoomStore store, RoomId room) throws Exception {
    return text(await(store.load(room)));
  }

  /// A small room's keys and values, as text.
  static Map<String, String> text(RoomImage image) {
    return switch (image.keys()) {
      case RoomImage.Whole(var entries) -> {
        Map<String, String> text = new TreeMap<>();
        entries.forEach((key, value) -> text.put(key, new String(value, UTF_8)));
        yield text;
      }
      case RoomImage.OnDemand() -> throw new AssertionError("the room is not small");
    };
  }
}
