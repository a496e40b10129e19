package dev.dormouse.storage;

import static dev.dormouse.storage.Sets.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.storage.sql.SqlRoomStore;
import dev.dormouse.storage.sql.SqlSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A data folder is its owner's only, whatever the umask of these tests is.
class OwnerOnlyTest {
  @TempDir Path folder;

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void a_data_folder_that_is_made_and_all_in_it_are_for_their_owner() throws Exception {
    Path data = folder.resolve("above/data");
    Map<String, String> modes = new TreeMap<>();
    try (SqliteRoomStore store =
            SqliteRoomStore.open(
                data, StoreSettings.defaults().withFiles(2), new SystemExecution());
        SqliteConnectionRecords _ =
            SqliteConnectionRecords.open(data, new SystemExecution(), StoreObserver.NONE)) {
      await(store.commit(Sets.put(store, Sets.room(1), 1, "k", "v")));
      try (Stream<Path> all = Files.list(data)) {
        for (Path each : all.toList()) {
          modes.put(each.getFileName().toString(), mode(each));
        }
      }
    }
    assertThat(mode(data)).isEqualTo("rwx------");
    assertThat(modes)
        .containsKeys("rooms-0.db", "rooms-0.db-wal", "rooms-0.db-shm", "rooms-1.db", "scratch.db")
        .containsKeys("lock", "format", "id-key");
    assertThat(modes.remove("tmp")).isEqualTo("rwx------");
    assertThat(modes.values()).containsOnly("rw-------");
    assertThat(OwnerOnly.wider(data)).isEmpty();
  }

  @Test
  void a_folder_that_is_there_keeps_its_permissions_and_is_known_to_be_wider() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-x---"));
    SqliteRoomStore.open(data, StoreSettings.defaults(), new SystemExecution()).close();

    assertThat(mode(data)).isEqualTo("rwxr-x---");
    assertThat(OwnerOnly.wider(data)).contains("rwxr-x---");
  }

  @Test
  void so_are_the_files_of_rooms_with_sql_in_a_folder_that_is_open_to_others() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    RoomId room = RoomId.of("tables", new byte[RoomId.BYTES], "r");
    Map<Path, String> modes = new TreeMap<>();
    try (SqlRoomStore store =
        SqlRoomStore.open(
            SqliteRoomStore.open(data, StoreSettings.defaults(), new SystemExecution()),
            data,
            Set.of("tables"),
            SqlSettings.defaults(),
            new SystemExecution())) {
      await(
          store.commit(
              new WriteSet(
                  room,
                  store.epoch(),
                  1,
                  1,
                  0,
                  false,
                  new TreeMap<>(Map.of("k", Optional.of(new byte[] {1}))),
                  List.of())));
      try (Stream<Path> all = Files.walk(data)) {
        for (Path each : all.filter(path -> !path.equals(data)).toList()) {
          modes.put(each, mode(each));
        }
      }
    }
    assertThat(modes.keySet()).anyMatch(path -> path.toString().contains("/tables/"));
    assertThat(modes)
        .allSatisfy((path, mode) -> assertThat(mode).as("%s", path).endsWith("------"));
  }
}
