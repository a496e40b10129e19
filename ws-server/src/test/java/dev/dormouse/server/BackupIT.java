package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.BackupPart;
import dev.dormouse.rooms.bench.SqlBench;
import dev.dormouse.server.backup.Backup;
import dev.dormouse.server.backup.Manifest;
import dev.dormouse.server.backup.Restoration;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import dev.dormouse.storage.StoredFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Backups of a server at work, and what is made of them.
@Timeout(90)
@DisplayName("A backup")
class BackupIT {
  @TempDir Path folder;

  private final SystemExecution execution = new SystemExecution();

  private Path data() {
    return folder.resolve("data");
  }

  private RoomServer start() {
    return KeeperRoom.server(data()).set(Setting.ADMIN, "0").start();
  }

  private static JsonNode backup(RoomServer server, Path to) throws Exception {
    AdminClient admin = new AdminClient(server);
    String order = "{\"actor\":\"me\",\"to\":\"%s\",\"rate\":0}".formatted(to);
    assertThat(admin.order("/backups", order).status()).isEqualTo(202);
    return admin.until("/backups", reply -> !reply.text("state").equals("running")).json();
  }

  @Nested
  class Of_a_server_at_work {
    @Test
    void is_whole_and_holds_nobody_for_long() throws Exception {
      Path to = folder.resolve("backup");
      AtomicLong asked = new AtomicLong();
      AtomicBoolean over = new AtomicBoolean();
      try (RoomServer server = start()) {
        for (int i = 0; i < 200; i++) {
          KeeperRoom.ask(server, "r" + i, "fill");
        }
        Thread busy =
            Thread.ofVirtual()
                .start(() -> {
                  while (!over.get()) {
                    KeeperRoom.ask(server, "r" + asked.incrementAndGet() % 200, "fill");
                  }
                });
        JsonNode state = backup(server, to);
        over.set(true);
        busy.join();
        assertThat(state.path("state").asText()).as(state.toString()).isEqualTo("done");
        // As long as it takes to begin a read of one file.
        assertThat(Duration.ofNanos(state.path("heldMicros").asLong() * 1_000))
            .isLessThan(Duration.ofSeconds(2));
      }
      assertThat(asked.get()).isPositive();
      Manifest manifest = Restoration.check(to);
      assertThat(manifest.files())
          .extracting(Manifest.Entry::name)
          .contains("id-key", "rooms-0.db");
      assertThat(manifest.format()).isEqualTo(StoredFormat.CURRENT);
      Path restored = folder.resolve("restored");
      Restoration.restore(to, restored, execution);
      try (RoomServer server = KeeperRoom.server(restored).start()) {
        assertThat(KeeperRoom.ask(server, "r0", "all")).contains("many/29=value 29\n");
      }
    }

    @Test
    void S4_has_rooms_with_SQL_of_the_same_moment() throws Exception {
      Path to = folder.resolve("backup");
      try (RoomServer server = withSql(data())) {
        assertThat(raise(server)).isEqualTo("1");
        JsonNode state = backup(server, to);
        assertThat(state.path("state").asText()).as(state.toString()).isEqualTo("done");
        assertThat(raise(server)).isEqualTo("2");
        assertThat(raise(server)).isEqualTo("3");
      }
      assertThat(Restoration.check(to).files())
          .extracting(Manifest.Entry::name)
          .anyMatch(name -> name.startsWith("sql/bench-sql/"));
      Path restored = folder.resolve("restored");
      Restoration.restore(to, restored, execution);
      try (RoomServer server = withSql(restored)) {
        assertThat(raise(server)).isEqualTo("2");
      }
    }

    private static RoomServer withSql(Path data) {
      return KeeperRoom.server(data)
          .namespace(SqlBench.declaration())
          .set(Setting.ADMIN, "0")
          .start();
    }

    private static String raise(RoomServer server) {
      HttpReply reply =
          server
              .rooms()
              .request(server.rooms().idFromName("bench-sql", "r"), HttpCall.of("POST", "tx"));
      return new String(((HttpReply.Bytes) reply.body()).bytes(), UTF_8);
    }

    @Test
    void is_not_made_over_anything() throws Exception {
      Path to = Files.createDirectory(folder.resolve("full"));
      Files.writeString(to.resolve("mine"), "x");
      try (RoomServer server = start()) {
        JsonNode state = backup(server, to);
        assertThat(state.path("state").asText()).isEqualTo("failed");
        assertThat(state.path("why").asText()).contains("not empty");
        AdminClient admin = new AdminClient(server);
        assertThat(admin.order("/backups", "{\"actor\":\"me\",\"to\":\"near\"}").status())
            .isEqualTo(400);
        assertThat(admin.ask("PUT /backups").status()).isEqualTo(405);
      }
      assertThat(Files.readString(to.resolve("mine"))).isEqualTo("x");
    }
  }

  private SqliteRoomStore store(Path data) throws IOException {
    return SqliteRoomStore.open(data, StoreSettings.defaults(), execution);
  }

  /// A part whose disk is full.
  private record Failing() implements BackupPart {
    @Override
    public Hold hold() {
      return new Hold() {
        @Override
        public Pinned pin() {
          return new Pinned() {
            @Override
            public void copy(Target target) throws IOException {
              target.make("half");
              throw new IOException("no space left");
            }

            @Override
            public void close() {}
          };
        }

        @Override
        public long nanos() {
          return 0;
        }

        @Override
        public void close() {}
      };
    }
  }

  private Path filled() {
    try (RoomServer server = start()) {
      KeeperRoom.ask(server, "one", "fill");
    }
    return data();
  }

  private Path made() throws Exception {
    Path to = folder.resolve("backup");
    try (SqliteRoomStore store = store(filled())) {
      new Backup(List.of(store.backup()), StoredFormat.CURRENT, 1, "test", execution).write(to, 0);
    }
    return to;
  }

  @Nested
  class That_is_not_whole {
    @Test
    void is_none_when_it_failed_half_way() throws Exception {
      Path to = folder.resolve("backup");
      try (SqliteRoomStore store = store(filled())) {
        Backup backup =
            new Backup(
                List.of(store.backup(), new Failing()), StoredFormat.CURRENT, 1, "test", execution);
        assertThatThrownBy(() -> backup.write(to, 0)).hasMessageContaining("no space left");
        // Everything was let go: the store works on, and so does another backup.
        new Backup(List.of(store.backup()), StoredFormat.CURRENT, 1, "test", execution)
            .write(folder.resolve("other"), 0);
      }
      assertThat(to.resolve("rooms-0.db")).exists();
      assertThatThrownBy(() -> Restoration.restore(to, folder.resolve("r"), execution))
          .hasMessageContaining("no whole backup");
      assertThat(folder.resolve("r")).doesNotExist();
    }

    @Test
    void is_refused_when_a_byte_of_it_has_changed() throws Exception {
      Path to = made();
      byte[] bytes = Files.readAllBytes(to.resolve("rooms-0.db"));
      bytes[5_000] ^= 1;
      Files.write(to.resolve("rooms-0.db"), bytes);
      assertThatThrownBy(() -> Restoration.check(to)).hasMessageContaining("rooms-0.db is damaged");
    }

    @Test
    void is_refused_when_a_file_is_missing_or_does_not_belong() throws Exception {
      Path to = made();
      Files.writeString(to.resolve("extra"), "x");
      assertThatThrownBy(() -> Restoration.check(to)).hasMessageContaining("does not belong");
      Files.delete(to.resolve("extra"));
      Files.delete(to.resolve("id-key"));
      assertThatThrownBy(() -> Restoration.check(to)).hasMessageContaining("lacks");
    }

    @Test
    void is_refused_when_its_format_is_newer() throws Exception {
      Path to = made();
      Path manifest = to.resolve(Manifest.FILE);
      Files.writeString(
          manifest,
          Files.readString(manifest)
              .replace("\"format\" : " + StoredFormat.CURRENT, "\"format\" : 9"));
      assertThatThrownBy(() -> Restoration.check(to)).hasMessageContaining("format 9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../backup/id-key", "./id-key", "sql/../id-key", "/etc/hostname"})
    void is_refused_when_a_name_in_it_leads_elsewhere(String name) throws Exception {
      Path to = made();
      Path manifest = to.resolve(Manifest.FILE);
      Files.writeString(
          manifest,
          Files.readString(manifest)
              .replace("\"name\" : \"id-key\"", "\"name\" : \"" + name + '"'));
      assertThatThrownBy(() -> Restoration.check(to)).hasMessageContaining("names '" + name + "'");
    }

    @Test
    void is_none_when_the_shard_file_is_damaged_itself() throws Exception {
      Path data = filled();
      Path file = data.resolve("rooms-0.db");
      byte[] bytes = Files.readAllBytes(file);
      // The page of an index, whole.
      java.util.Arrays.fill(bytes, 3 * 4096, 4 * 4096, (byte) 0xee);
      Files.write(file, bytes);
      Path to = folder.resolve("backup");
      try (SqliteRoomStore store = store(data)) {
        assertThatThrownBy(() ->
                new Backup(List.of(store.backup()), StoredFormat.CURRENT, 1, "test", execution)
                    .write(to, 0))
            .isInstanceOf(IOException.class);
      }
      assertThat(to.resolve(Manifest.FILE)).doesNotExist();
    }
  }

  @Nested
  class Restored {
    @Test
    void S5_hands_out_no_epoch_that_was_used_after_the_backup() throws Exception {
      Path to = made();
      long last = 0;
      for (int i = 0; i < 5; i++) {
        try (SqliteRoomStore store = store(data())) {
          last = store.epoch();
        }
      }
      Path first = folder.resolve("first");
      Path second = folder.resolve("second");
      Restoration.restore(to, first, execution);
      Restoration.restore(to, second, execution);
      try (SqliteRoomStore one = store(first);
          SqliteRoomStore two = store(second);
          SqliteRoomStore original = store(data())) {
        assertThat(one.epoch()).isGreaterThan(last + 1_000);
        // What is counted is told apart, whichever folder counted it.
        assertThat(one.lineage()).isNotEmpty().isNotEqualTo(two.lineage());
        assertThat(original.lineage()).isEmpty();
        assertThat(one.idKey()).isEqualTo(original.idKey());
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "r--------"})
    void is_for_its_owner_whatever_became_of_the_backups_permissions(String mode) throws Exception {
      Path to = made();
      for (String file : List.of("id-key", "rooms-0.db")) {
        Files.setPosixFilePermissions(to.resolve(file), PosixFilePermissions.fromString(mode));
      }
      Path restored = folder.resolve("restored");
      Restoration.restore(to, restored, execution);
      for (String file : List.of("id-key", "rooms-0.db")) {
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(restored.resolve(file))))
            .isEqualTo("rw-------");
      }
    }

    @Test
    void goes_into_an_empty_folder_only() throws Exception {
      Path to = made();
      assertThatThrownBy(() -> Restoration.restore(to, data(), execution))
          .hasMessageContaining("not empty");
    }

    @Test
    void is_not_opened_when_the_restore_was_cut_short() throws Exception {
      Path to = made();
      Path half = folder.resolve("half");
      Restoration.restore(to, half, execution);
      Files.writeString(half.resolve("restoring"), "x");
      assertThatThrownBy(() -> store(half)).hasMessageContaining("cut short");
    }
  }
}
