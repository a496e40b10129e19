package dev.dormouse.storage;

import static dev.dormouse.storage.Sets.room;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the scratch file promises beyond the contract of all connection records.
class SqliteConnectionRecordsTest {
  @TempDir Path folder;
  private SqliteConnectionRecords records;

  @BeforeEach
  void open() throws Exception {
    records = SqliteConnectionRecords.open(folder, new SystemExecution());
  }

  @AfterEach
  void close() {
    records.close();
  }

  private static <T extends @Nullable Object> T await(CompletableFuture<T> future)
      throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private static ConnectionRecord record(long key) {
    return new ConnectionRecord(
        key, null, Set.of("all", "tag " + key % 100), new byte[] {(byte) key}, true, false);
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Nested
  class When_a_room_has_19_000_connections {
    private static final int MANY = 19_000;
    private final RoomId room = room(1);

    @BeforeEach
    void saved() throws Exception {
      for (long from = 1; from <= MANY; from += ConnectionRecords.CHUNK) {
        await(
            records.save(
                room,
                LongStream.range(from, Math.min(MANY + 1, from + ConnectionRecords.CHUNK))
                    .mapToObj(SqliteConnectionRecordsTest::record)
                    .toList(),
                List.of()));
      }
      await(records.sleeps(room, new Slept(MANY, 0, 1)));
    }

    private List<ConnectionRecord> pages(@Nullable String tag) throws Exception {
      List<ConnectionRecord> all = new ArrayList<>();
      while (true) {
        long after = all.isEmpty() ? 0 : all.getLast().key();
        List<ConnectionRecord> page =
            await(records.page(room, tag, after, ConnectionRecords.CHUNK));
        if (page.isEmpty()) {
          return all;
        }
        assertThat(page.getFirst().key()).as("they go on").isGreaterThan(after);
        all.addAll(page);
      }
    }

    @Test
    void C4_pages_hold_each_of_them_once_in_order() throws Exception {
      List<ConnectionRecord> expected =
          LongStream.rangeClosed(1, MANY).mapToObj(SqliteConnectionRecordsTest::record).toList();

      assertThat(pages(null)).isEqualTo(expected);
      assertThat(pages("all")).isEqualTo(expected);
      assertThat(pages("tag 7"))
          .isEqualTo(expected.stream().filter(record -> record.key() % 100 == 7).toList());
    }

    @Test
    void they_can_be_forgotten_in_one_call() throws Exception {
      await(records.forget(room));

      assertThat(pages(null)).isEmpty();
      assertThat(pages("all")).isEmpty();
    }
  }

  @Nested
  class When_records_are_looked_for {

    private String plan(Connection connection, String query) throws Exception {
      List<String> steps = new ArrayList<>();
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("EXPLAIN QUERY PLAN " + query)) {
        while (row.next()) {
          steps.add(row.getString("detail"));
        }
      }
      return String.join("; ", steps);
    }

    @Test
    void C4_no_query_reads_more_records_than_it_answers_with() throws Exception {
      ScratchFile file = new ScratchFile(Files.createDirectory(folder.resolve("b")).resolve("s"));
      file.make();

      try (Connection connection = file.connect()) {
        assertThat(plan(connection, ScratchRecords.READ))
            .isEqualTo("SEARCH record USING PRIMARY KEY (room=? AND key=?)");
        assertThat(plan(connection, ScratchRecords.PAGE))
            .isEqualTo("SEARCH record USING PRIMARY KEY (room=? AND key>?)");
        assertThat(plan(connection, ScratchRecords.PAGE_OF_TAG))
            .isEqualTo(
                "SEARCH t USING PRIMARY KEY (room=? AND tag=? AND key>?);"
                    + " SEARCH r USING PRIMARY KEY (room=? AND key=?)");
      }
    }

    @Test
    void more_rooms_than_are_remembered_are_all_found() throws Exception {
      int rooms = 10_000;
      CompletableFuture<?> last = CompletableFuture.completedFuture(null);
      for (int number = 0; number < rooms; number++) {
        last = records.save(room(number), List.of(record(number + 1)), List.of());
      }
      await(last);

      for (int number = 0; number < rooms; number += 37) {
        assertThat(await(records.page(room(number), null, 0, 10)))
            .containsExactly(record(number + 1));
      }
    }
  }

  @Nested
  class When_connections_and_rooms_are_gone {

    @Test
    void C3_no_row_stays_behind() throws Exception {
      ScratchFile file = new ScratchFile(Files.createDirectory(folder.resolve("b")).resolve("s"));
      file.make();
      try (ScratchConnection scratch = ScratchConnection.open(file)) {
        scratch.begin();
        scratch.save(room(1), List.of(record(1), record(2), record(3)), List.of(1L));
        scratch.ended(room(1), 2);
        scratch.commit();
      }
      assertThat(rows(file)).containsExactly(1L, 1L, 2L);

      try (ScratchConnection scratch = ScratchConnection.open(file)) {
        scratch.begin();
        scratch.forget(room(1));
        scratch.commit();
      }
      assertThat(rows(file)).containsExactly(0L, 0L, 0L);
    }

    private List<Long> rows(ScratchFile file) throws Exception {
      List<Long> rows = new ArrayList<>();
      try (Connection connection = file.connect()) {
        for (String table : List.of("room", "record", "tag")) {
          rows.add(ShardFile.number(connection, "SELECT count(*) FROM " + table));
        }
      }
      return rows;
    }
  }

  @Nested
  class When_the_process_ends {

    @Test
    void C3_a_clean_close_leaves_nothing_behind() throws Exception {
      await(records.save(room(1), List.of(record(1)), List.of()));
      assertThat(folder.resolve("scratch.db")).exists();
      records.close();

      assertThat(names(folder)).isEmpty();
    }

    @Test
    void C3_what_a_killed_process_left_is_not_found_by_the_next() throws Exception {
      Path next = Files.createDirectory(folder.resolve("next"));
      await(records.save(room(1), List.of(record(1)), List.of()));
      for (String name : List.of("scratch.db", "scratch.db-wal")) {
        // As they are on the disk while the process lives, so as a kill leaves them.
        Files.copy(folder.resolve(name), next.resolve(name));
      }

      try (SqliteConnectionRecords fresh =
          SqliteConnectionRecords.open(next, new SystemExecution())) {
        assertThat(await(fresh.page(room(1), null, 0, 10))).isEmpty();
        await(fresh.save(room(1), List.of(record(2)), List.of()));
        assertThat(await(fresh.page(room(1), null, 0, 10))).containsExactly(record(2));
      }
      assertThat(names(next)).isEmpty();
    }

    @Test
    void C3_whatever_lies_in_the_files_place_gives_way() throws Exception {
      records.close();
      for (String name :
          List.of("scratch.db", "scratch.db-wal", "scratch.db-shm", "scratch.db-journal")) {
        Files.writeString(folder.resolve(name), "garbage of " + name);
      }
      open();

      await(records.save(room(1), List.of(record(1)), List.of()));
      assertThat(await(records.page(room(1), null, 0, 10))).containsExactly(record(1));
      records.close();
      assertThat(names(folder)).isEmpty();
    }
  }

  @Nested
  class When_it_lies_in_a_data_folder {

    @Test
    void nothing_is_written_but_the_scratch_file_and_its_log() throws Exception {
      Path data = folder.resolve("outer/data");
      try (SqliteRoomStore store =
          SqliteRoomStore.open(data, StoreSettings.defaults(), new SystemExecution())) {
        List<String> before = names(data);
        try (SqliteConnectionRecords beside =
            SqliteConnectionRecords.open(data, new SystemExecution())) {
          await(beside.save(room(1), List.of(record(1)), List.of()));

          List<String> during = new ArrayList<>(names(data));
          during.removeAll(before);
          assertThat(during).containsExactly("scratch.db", "scratch.db-wal");
          assertThat(names(folder.resolve("outer"))).containsExactly("data");
          assertThat(names(data.resolve("tmp"))).allMatch(name -> name.startsWith("sqlite-"));
        }
        assertThat(names(data)).isEqualTo(before);
        assertThat(store.trouble()).isEmpty();
      }
    }

    @Test
    void nothing_is_synced_and_nothing_goes_to_temporary_files() throws Exception {
      ScratchFile file = new ScratchFile(Files.createDirectory(folder.resolve("b")).resolve("s"));
      file.make();

      try (Connection connection = file.connect()) {
        assertThat(ShardFile.number(connection, "PRAGMA synchronous")).as("OFF").isZero();
        assertThat(ShardFile.number(connection, "PRAGMA temp_store")).as("MEMORY").isEqualTo(2);
      }
    }

    @Test
    void a_folder_that_is_not_there_is_named() {
      Path missing = folder.resolve("missing");

      assertThatExceptionOfType(DataFolderException.class)
          .isThrownBy(() -> SqliteConnectionRecords.open(missing, new SystemExecution()))
          .withMessageContaining(missing.resolve("scratch.db").toString())
          .withMessageContaining("permissions");
      assertThat(missing).doesNotExist();
    }

    @Test
    void a_file_that_cannot_be_replaced_is_named() throws Exception {
      Path data = Files.createDirectories(folder.resolve("data"));
      Files.createDirectories(data.resolve("scratch.db/inside"));

      assertThatExceptionOfType(DataFolderException.class)
          .isThrownBy(() -> SqliteConnectionRecords.open(data, new SystemExecution()))
          .withMessageContaining(data.resolve("scratch.db").toString());
    }
  }
}
