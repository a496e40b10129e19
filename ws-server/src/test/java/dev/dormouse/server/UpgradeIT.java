package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.saga.queue.node.QueueClient.Pulled;
import dev.dormouse.server.BankCalls.Books;
import dev.dormouse.server.backup.Manifest;
import dev.dormouse.server.backup.Restoration;
import dev.dormouse.server.doctor.DataFolderCheck;
import dev.dormouse.storage.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Data folders that earlier versions have made, opened by this one. Those in the resources are
/// never made anew: what lies on somebody's disk is not either.
@Timeout(60)
@DisplayName("A data folder of an earlier version")
class UpgradeIT {
  @TempDir Path folder;

  private Path unpacked(String name) throws IOException {
    Path data = folder.resolve("data");
    OwnerOnly.makeFolder(data);
    try (InputStream in = UpgradeIT.class.getResourceAsStream("/folders/" + name + ".zip")) {
      if (in == null) {
        throw new IOException("no folder " + name);
      }
      ZipInputStream zip = new ZipInputStream(in);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = data.resolve(entry.getName());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, zip.readAllBytes());
      }
    }
    return data;
  }

  @ParameterizedTest
  @ValueSource(strings = {"before-facilities", "with-marks"})
  void is_read_whole_and_goes_on(String name) throws Exception {
    Path data = unpacked(name);
    try (RoomServer server = KeeperRoom.server(data).start()) {
      for (String room : new String[] {"one", "two"}) {
        assertThat(KeeperRoom.ask(server, room, "all"))
            .contains("text=kept by an older version\n", "ключ/☃=unicode\n", "many/29=value 29\n")
            .contains("schema 3")
            .contains("far@2099-01-01T00:00:00Z\n", "past@2099-01-02T00:00:00Z\n")
            // It waited for this start (A3), and ringing was its third turn.
            .contains("rang=restart\n")
            .startsWith("version 3 ")
            .doesNotContain("restart@");
      }
      // What is gone has its numbers still (S2).
      assertThat(KeeperRoom.ask(server, "gone", "all"))
          .startsWith("version 2 schema")
          .hasLineCount(1);
      KeeperRoom.ask(server, "gone", "fill");
      KeeperRoom.ask(server, "new", "fill");
    }
    try (RoomServer server = KeeperRoom.server(data).start()) {
      assertThat(KeeperRoom.ask(server, "gone", "all")).startsWith("version 4 ");
      assertThat(KeeperRoom.ask(server, "new", "all")).contains("rang=restart\n");
    }
  }

  /// One message was settled by who pulls, the others were not; one came from outside.
  @Test
  void has_its_tables_and_its_queues() throws Exception {
    Path data = unpacked("with-tables-and-queues");
    try (RoomServer server = BankRoom.server(data).start()) {
      assertThat(bank(server, "b0").books())
          .isEqualTo(new Books(899, 100, List.of("b0 0 b1", "b0 1 b1"), Map.of("b1 0 b0", 1)));
      assertThat(bank(server, "b1").books())
          .isEqualTo(
              new Books(
                  1_002,
                  0,
                  List.of("b1 0 b0"),
                  Map.of("b0 0 b1", 1, "b0 1 b1", 1, "cash 1 b1", 1)));

      bank(server, "b1").send("b1", "b0");
      List<String> pulled = new ArrayList<>();
      while (pulled.size() < 4) {
        List<Pulled> some =
            server
                .queues()
                .pull(
                    BankRoom.TRANSFERS,
                    BankRoom.AUDIT,
                    10,
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(5));
        assertThat(some).isNotEmpty();
        some.forEach(each -> pulled.add(new String(each.entry().message().payload(), UTF_8)));
      }
      assertThat(pulled).containsExactlyInAnyOrder("b0 1 b1", "b1 0 b0", "cash 1 b1", "b1 1 b0");
    }
  }

  private static BankCalls bank(RoomServer server, String name) {
    return server.rooms().stub(BankCalls.class, BankRoom.BANKS, name);
  }

  /// Those folders have no sizes; this version keeps them, and counts once.
  @ParameterizedTest
  @ValueSource(strings = {"before-facilities", "with-marks"})
  void has_sizes_from_then_on_which_are_kept(String name) throws Exception {
    Path data = unpacked(name);
    try (RoomServer server = KeeperRoom.server(data).start()) {
      assertSizes(data);
      KeeperRoom.ask(server, "one", "gone");
      KeeperRoom.ask(server, "new", "fill");
      KeeperRoom.ask(server, "two", "fill");
      assertSizes(data);
    }
    try (RoomServer _ = KeeperRoom.server(data).start()) {
      assertSizes(data);
    }
  }

  @Test
  void knows_that_a_room_is_full() throws Exception {
    Path data = unpacked("with-marks");
    try (RoomServer server = KeeperRoom.server(data).set(Setting.ROOM_KEYS, "34").start()) {
      KeeperRoom.ask(server, "one", "fill");
    }
    try (RoomServer server =
        KeeperRoom.server(data).set(Setting.ROOM_KEYS, "9, keeper=32").start()) {
      assertThat(KeeperRoom.ask(server, "one", "fill")).isEqualTo("filled");
      assertThatThrownBy(() -> KeeperRoom.ask(server, "new", "fill"))
          .isInstanceOf(Refusal.RoomFull.class)
          .hasMessageContaining("32 keys");
      assertThat(KeeperRoom.ask(server, "new", "all")).startsWith("version 0").hasLineCount(1);
    }
  }

  /// Who only looks must not take the way back from whoever has to go on with an earlier version.
  @ParameterizedTest
  @ValueSource(strings = {"before-facilities", "with-marks"})
  void is_brought_to_this_format_by_a_server_and_by_nobody_who_only_looks(String name)
      throws Exception {
    Path data = unpacked(name);
    byte[] rooms = Files.readAllBytes(data.resolve("rooms-0.db"));
    String format = Files.readString(data.resolve("format"));
    assertThat(format).contains("format 1,");

    assertThat(runs("room", "list", "--data", data.toString())).isEqualTo(1);
    Path backup = folder.resolve("backup");
    assertThat(runs("backup", "--to", backup.toString(), "--data", data.toString())).isEqualTo(1);
    assertThat(DataFolderCheck.of(data, 1).advice()).contains("brings it to format 2");

    assertThat(backup.resolve(Manifest.FILE)).doesNotExist();
    assertThat(Files.readAllBytes(data.resolve("rooms-0.db"))).isEqualTo(rooms);
    assertThat(data.resolve("format")).content().isEqualTo(format);

    KeeperRoom.server(data).start().close();
    assertThat(data.resolve("format")).content().contains("format 2,");
    assertThat(runs("room", "list", "--data", data.toString())).isZero();
  }

  private static int runs(String... command) throws Exception {
    return Main.run(command, Map.of(), new SystemExecution());
  }

  /// A backup is as old as the folder that it was made of, and so is what is restored from it.
  @Test
  void stays_of_its_format_in_a_backup_that_is_restored() throws Exception {
    Path backup = unpacked("with-marks");
    Path restored = folder.resolve("restored");
    Files.delete(backup.resolve("format"));
    List<Manifest.Entry> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(backup)) {
      for (Path file : all.toList()) {
        files.add(entry(file));
      }
    }
    Manifest manifest = new Manifest(1, 1, "an earlier one", Instant.EPOCH, 0, files);
    Files.writeString(backup.resolve(Manifest.FILE), manifest.text());

    Restoration.restore(backup, restored, new SystemExecution());

    assertThat(restored.resolve("format")).content().contains("format 1,");
    try (RoomServer server = KeeperRoom.server(restored).start()) {
      assertThat(KeeperRoom.ask(server, "one", "all")).contains("text=kept by an older version\n");
    }
    assertThat(restored.resolve("format")).content().contains("format 2,");
  }

  private static Manifest.Entry entry(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    return new Manifest.Entry(String.valueOf(file.getFileName()), bytes.length, sum);
  }

  /// Compares what is kept with what is there.
  private static void assertSizes(Path data) throws SQLException {
    try (Connection file =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("rooms-0.db"));
        Statement ask = file.createStatement();
        ResultSet row =
            ask.executeQuery(
                "SELECT count(*), sum(bytes = ("
                    + "SELECT coalesce(sum(length(key) + length(value)), 0) FROM entry"
                    + " WHERE room = number)"
                    + " AND keys = (SELECT count(*) FROM entry WHERE room = number)),"
                    + " max(keys) FROM room")) {
      assertThat(row.getInt(1)).isGreaterThan(2);
      assertThat(row.getInt(2)).isEqualTo(row.getInt(1));
      assertThat(row.getInt(3)).isGreaterThan(30);
    }
  }

  @Test
  void of_a_later_format_is_left_as_it_is_and_the_message_says_what_to_do() throws Exception {
    Path data = unpacked("with-marks");
    Files.writeString(data.resolve("format"), "dormouse data folder, format 3, and more\n");
    byte[] before = Files.readAllBytes(data.resolve("rooms-0.db"));

    assertThatThrownBy(() -> KeeperRoom.server(data).start())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("newer version (format 3")
        .hasMessageContaining("start that version");

    assertThat(Files.readAllBytes(data.resolve("rooms-0.db"))).isEqualTo(before);
  }
}
