package dev.dormouse.storage;

import static dev.dormouse.storage.Sets.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.runtime.SystemExecution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
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
}
