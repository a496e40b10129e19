package dev.dormouse.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.room.runtime.SystemExecution;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which data folders are taken, and what the one who started the server is told of the others.
class DataFolderTest {
  @TempDir Path folder;

  private void openAndClose(StoreSettings settings) throws DataFolderException {
    SqliteRoomStore.open(folder, settings, new SystemExecution()).close();
  }

  private void assertRefused(String... words) {
    assertRefused(StoreSettings.defaults(), words);
  }

  private void assertRefused(StoreSettings settings, String... words) {
    assertThatExceptionOfType(DataFolderException.class)
        .isThrownBy(() -> openAndClose(settings))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  private static byte[] bytes(Path file) throws Exception {
    return Files.readAllBytes(file);
  }

  @Test
  void a_full_disk_is_called_that_and_how_much_is_to_be_freed() {
    SQLException full = new SQLException("[SQLITE_FULL] database or disk is full", null, 13);
    SQLException other = new SQLException("[SQLITE_IOERR_SHMSIZE]", null, 4874);
    String[] words = {folder.toString(), "disk is full", "free 16 MiB", "what was stored is there"};
    assertThat(DataFolderException.unopened(folder, full, 1L << 40)).hasMessageContainingAll(words);
    assertThat(DataFolderException.unopened(folder, other, 1 << 20)).hasMessageContainingAll(words);
    assertThat(DataFolderException.unopened(folder, other, 1L << 40))
        .hasMessageContainingAll("health of its disk", "SHMSIZE");
  }

  @Nested
  class When_the_folder_is_new {

    @Test
    void it_is_made_with_all_its_parents_and_nothing_but_the_known_files() throws Exception {
      Path deep = folder.resolve("a/b/data");
      SqliteRoomStore.open(deep, StoreSettings.defaults(), new SystemExecution()).close();

      try (Stream<Path> files = Files.list(deep)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("lock", "format", "id-key", "rooms-0.db", "tmp");
      }
    }

    @Test
    void I1_only_its_owner_can_read_the_id_key() throws Exception {
      openAndClose(StoreSettings.defaults());

      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("id-key"))))
          .isEqualTo("rw-------");
    }

    @Test
    void a_folder_that_cannot_be_made_is_named() throws Exception {
      Path file = Files.writeString(folder.resolve("file"), "mine");

      assertThatExceptionOfType(DataFolderException.class)
          .isThrownBy(() ->
              SqliteRoomStore.open(
                  file.resolve("data"), StoreSettings.defaults(), new SystemExecution()))
          .withMessageContaining(file.toString())
          .withMessageContaining("choose another data folder");
      assertThat(file).hasContent("mine");
    }

    @Test
    void a_name_that_the_driver_would_misread_is_refused() {
      assertThatExceptionOfType(DataFolderException.class)
          .isThrownBy(() ->
              SqliteRoomStore.open(
                  folder.resolve("a?mode=memory"), StoreSettings.defaults(), new SystemExecution()))
          .withMessageContaining("'?'");
    }
  }

  @Nested
  class When_a_connection_is_made {

    @Test
    void O1_every_commit_is_synced_and_nothing_is_written_elsewhere() throws Exception {
      openAndClose(StoreSettings.defaults());
      ShardFile file = new ShardFile(folder.resolve("rooms-0.db"), 0, 1, 1 << 20);

      try (Connection connection = file.connect()) {
        assertThat(ShardFile.number(connection, "PRAGMA synchronous")).as("FULL").isEqualTo(2);
        assertThat(ShardFile.number(connection, "PRAGMA temp_store")).as("MEMORY").isEqualTo(2);
        assertThat(ShardFile.number(connection, "PRAGMA page_size")).isEqualTo(4096);
        assertThat(ShardFile.number(connection, "PRAGMA wal_autocheckpoint")).isEqualTo(4000);
        assertThat(folder.resolve("rooms-0.db-wal")).exists();
      }
    }
  }

  @Nested
  class When_the_folder_is_in_use {

    @Test
    void S5_a_second_opening_in_this_process_is_refused_and_the_first_keeps_its_lock()
        throws Exception {
      String pid = "" + ProcessHandle.current().pid();
      try (SqliteRoomStore first =
          SqliteRoomStore.open(folder, StoreSettings.defaults(), new SystemExecution())) {
        assertRefused("in use", pid, folder.toString());
        assertRefused("in use", pid, folder.toString());
        assertThat(folder.resolve("lock")).hasContent(pid + "\n");
        assertThat(first.trouble()).isEmpty();
      }
      openAndClose(StoreSettings.defaults());
    }
  }

  @Nested
  class When_the_folder_is_not_what_it_should_be {
    @BeforeEach
    void made_before() throws Exception {
      openAndClose(StoreSettings.defaults());
    }

    @Test
    void a_newer_format_is_refused() throws Exception {
      Files.writeString(folder.resolve("format"), "dormouse data folder, format 3, and more\n");
      assertRefused("format 3,", "newer version");
    }

    @Test
    void a_format_file_of_something_else_is_refused() throws Exception {
      Files.writeString(folder.resolve("format"), "jpeg\n");
      assertRefused("format", "choose another data folder");
    }

    @Test
    void another_number_of_shard_files_is_refused() {
      assertRefused(StoreSettings.defaults().withFiles(2), "made with 1 shard file", "with 2");
    }

    @Test
    void another_number_of_shard_files_is_refused_without_the_format_file_too() throws Exception {
      Files.delete(folder.resolve("format"));
      assertRefused(StoreSettings.defaults().withFiles(2), "made with 1 shard file", "rooms-0.db");
    }

    @Test
    void a_file_that_is_no_database_is_named_and_left_alone() throws Exception {
      Path file = folder.resolve("rooms-0.db");
      Files.writeString(file, "Dear diary, today was a day like any other.");
      assertRefused(file.toString(), "not a SQLite database");
      assertThat(file).hasContent("Dear diary, today was a day like any other.");
    }

    @Test
    void another_programs_database_is_named_and_left_alone() throws Exception {
      Path file = folder.resolve("rooms-0.db");
      Files.delete(file);
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
        ShardFile.execute(connection, "CREATE TABLE bookmarks (url TEXT)");
      }
      byte[] before = bytes(file);
      assertRefused(file.toString(), "another program's database");
      assertThat(file).hasBinaryContent(before);
    }

    @Test
    void a_database_with_a_damaged_first_page_is_named_and_left_alone() throws Exception {
      Path file = folder.resolve("rooms-0.db");
      try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
        raw.seek(100);
        raw.write(new byte[500]);
      }
      byte[] before = bytes(file);
      assertRefused(file.toString(), "backup");
      assertThat(file).hasBinaryContent(before);
    }

    @Test
    void a_newer_shape_of_tables_is_refused() throws Exception {
      try (Connection connection =
          DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("rooms-0.db"))) {
        ShardFile.execute(connection, "PRAGMA user_version = 9");
      }
      assertRefused("rooms-0.db", "shape 9");
    }

    @Test
    void a_missing_shard_file_is_not_replaced_by_an_empty_one() throws Exception {
      Files.delete(folder.resolve("rooms-0.db"));
      assertRefused("rooms-0.db", "missing");
      assertThat(folder.resolve("rooms-0.db")).doesNotExist();
    }

    @Test
    void I1_a_missing_id_key_is_not_replaced() throws Exception {
      Files.delete(folder.resolve("id-key"));
      assertRefused("id-key", "missing");
      assertThat(folder.resolve("id-key")).doesNotExist();
    }

    @Test
    void I1_a_damaged_id_key_is_noticed() throws Exception {
      Path key = folder.resolve("id-key");
      String text = Files.readString(key);
      char digit = text.charAt(25);
      Files.writeString(
          key, text.substring(0, 25) + (digit == '0' ? '1' : '0') + text.substring(26));
      assertRefused("id-key", "damaged");
      Files.writeString(key, "not hexadecimal\nat\nall\n");
      assertRefused("id-key", "damaged");
    }

    @Test
    void after_a_refusal_the_folder_is_free_again() throws Exception {
      assertRefused(StoreSettings.defaults().withFiles(2), "made with 1");
      openAndClose(StoreSettings.defaults());
    }
  }
}
