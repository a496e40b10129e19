package dev.dormouse.saga.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.BackupPart;
import dev.dormouse.room.spi.BackupPart.Hold;
import dev.dormouse.room.spi.BackupPart.Pinned;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.LogPage;
import dev.dormouse.saga.queue.QueueLog;
import dev.dormouse.saga.queue.QueueMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A log in a backup: what was durable at the moment, at the same positions, and nothing else.
@Timeout(60)
class LogBackupTest {
  @TempDir Path folder;

  private final SystemExecution execution = new SystemExecution();
  private final LogSettings settings = LogSettings.defaults();

  /// Writes where it is told to.
  private final class Into implements BackupPart.Target {
    @Override
    public Path make(String name) throws IOException {
      Path file = folder.resolve("backup").resolve(name);
      Files.createDirectories(file.getParent());
      return Files.createFile(file);
    }

    @Override
    public void wrote(long bytes) {}

    @Override
    public void complete(String name) {}
  }

  private static QueueMessage message(String text) {
    return QueueMessage.of(text, ContentType.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  private static LogPage read(QueueLog log, long from) throws Exception {
    return log.read(from, 100).get(10, TimeUnit.SECONDS);
  }

  private static void append(QueueLog log, String... texts) throws Exception {
    for (String text : texts) {
      log.append(List.of(message(text))).get(10, TimeUnit.SECONDS);
    }
  }

  private static List<String> keys(LogPage page) {
    return page.entries().stream().map(LogEntry::message).map(QueueMessage::key).toList();
  }

  private ChronicleQueueLog restored(String name) throws Exception {
    Path log = folder.resolve(name);
    LogFile.restore(folder.resolve("backup/queues/orders.log"), log, settings, execution);
    return ChronicleQueueLog.open(log, settings, execution);
  }

  private ChronicleLogs logs() {
    return new ChronicleLogs(folder.resolve("queues"), settings, execution);
  }

  @Test
  void has_what_was_durable_at_the_moment_at_its_positions() throws Exception {
    boolean[] kept = new boolean[1];
    try (QueueLog log = logs().open("orders")) {
      append(log, "a", "b");
      LogBackup backup =
          new LogBackup(
              logs(),
              new LogBackup.Users(
                  () -> {
                    kept[0] = true;
                    return () -> kept[0] = false;
                  },
                  () -> Map.of("orders", log)));
      Pinned moment;
      try (Hold hold = backup.hold()) {
        moment = hold.pin();
      }
      append(log, "later");
      assertThat(kept[0]).as("until it is copied").isTrue();
      moment.copy(new Into());
      moment.close();
      assertThat(kept[0]).isFalse();
    }
    try (QueueLog log = restored("copy")) {
      assertThat(log.end()).isEqualTo(2);
      LogPage page = read(log, 0);
      assertThat(keys(page)).containsExactly("a", "b");
      append(log, "new");
      assertThat(keys(read(log, 1))).containsExactly("b", "new");
    }
  }

  @Test
  void keeps_positions_though_the_log_does_not_begin_at_0_and_lies_in_several_segments()
      throws Exception {
    for (String text : List.of("a", "b", "c", "d")) {
      try (QueueLog log = logs().open("orders")) {
        append(log, text);
      }
    }
    try (QueueLog log = logs().open("orders")) {
      log.delete(2, execution.instant().plusSeconds(60)).get(10, TimeUnit.SECONDS);
      assertThat(log.first()).isEqualTo(2);
    }
    try (Hold hold = new LogBackup(logs(), LogBackup.nobody()).hold();
        Pinned moment = hold.pin()) {
      moment.copy(new Into());
    }
    try (QueueLog log = restored("copy")) {
      assertThat(log.first()).isEqualTo(2);
      assertThat(log.end()).isEqualTo(4);
      assertThat(keys(read(log, 0))).containsExactly("c", "d");
    }
  }

  @Test
  void is_refused_when_an_entry_is_damaged() throws Exception {
    try (QueueLog log = logs().open("orders")) {
      append(log, "a", "b");
    }
    try (Hold hold = new LogBackup(logs(), LogBackup.nobody()).hold();
        Pinned moment = hold.pin()) {
      moment.copy(new Into());
    }
    Path file = folder.resolve("backup/queues/orders.log");
    byte[] bytes = Files.readAllBytes(file);
    bytes[60] ^= 1;
    Files.write(file, bytes);

    assertThatThrownBy(() -> restored("copy"))
        .hasMessageContaining("entry 0")
        .hasMessageContaining("damaged");
  }
}
