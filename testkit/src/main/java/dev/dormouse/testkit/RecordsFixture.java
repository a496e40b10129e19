package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The rooms and records of [ConnectionRecordsContract], and short words for what is done to them.
abstract class RecordsFixture {
  static final int CHUNK = ConnectionRecords.CHUNK;

  final RoomId room = room("chat", 1);
  final RoomId other = room("chat", 2);

  /// Open from the beginning of each test; replaced by [#reopen].
  ConnectionRecords records;

  /// Opens the records under test. Called again within a test, after a close, it stands for the
  /// next process on the same machine.
  protected abstract ConnectionRecords open() throws Exception;

  @BeforeEach
  void open_the_records() throws Exception {
    records = open();
  }

  @AfterEach
  void close_the_records() {
    records.close();
  }

  void reopen() throws Exception {
    records.close();
    records = open();
  }

  static RoomId room(String namespace, int number) {
    byte[] bytes = new byte[RoomId.BYTES];
    Arrays.fill(bytes, (byte) number);
    return RoomId.of(namespace, bytes, null);
  }

  static ConnectionRecord record(long key, String... tags) {
    return record(key, new byte[] {(byte) key}, tags);
  }

  static ConnectionRecord record(long key, byte[] attachment, String... tags) {
    return new ConnectionRecord(key, null, Set.of(tags), attachment, true, false);
  }

  static ConnectionRecord closing(long key, String... tags) {
    return new ConnectionRecord(key, null, Set.of(tags), new byte[0], true, true);
  }

  static <T extends @Nullable Object> T await(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  void save(RoomId room, ConnectionRecord... changed) throws Exception {
    await(records.save(room, List.of(changed), List.of()));
  }

  void drop(RoomId room, Long... gone) throws Exception {
    await(records.save(room, List.of(), List.of(gone)));
  }

  /// All records of a room, read in small pages.
  List<ConnectionRecord> all(RoomId room) throws Exception {
    List<ConnectionRecord> all = new ArrayList<>();
    for (long after = 0; ; after = all.getLast().key()) {
      List<ConnectionRecord> page = await(records.page(room, null, after, 3));
      if (page.isEmpty()) {
        return all;
      }
      assertThat(page.getFirst().key()).as("they go on").isGreaterThan(after);
      all.addAll(page);
    }
  }

  List<Long> tagged(RoomId room, String tag) throws Exception {
    return keys(await(records.page(room, tag, 0, 1_000)));
  }

  static List<Long> keys(List<ConnectionRecord> records) {
    return records.stream().map(ConnectionRecord::key).toList();
  }

  static void assertFails(CompletableFuture<?> call) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> await(call))
        .withCauseInstanceOf(IOException.class);
  }
}
