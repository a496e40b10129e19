package dev.dormouse.saga.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.LogPage;
import dev.dormouse.saga.queue.QueueMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the log does beyond its contract: failures, files, who may open it.
class ChronicleQueueLogTest {
  @TempDir Path folder;

  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Probes execution = Probes.at(() -> now);
  private LogSettings settings =
      LogSettings.defaults().withMessages(64 * 1024, 4 * 64 * 1024).withReserve(0);
  private ChronicleQueueLog log;

  @BeforeEach
  void open() throws Exception {
    log = ChronicleQueueLog.open(folder.resolve("log"), settings, execution);
  }

  @AfterEach
  void close() {
    execution.heal();
    log.close();
  }

  private void reopen() throws Exception {
    close();
    open();
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private static List<QueueMessage> batch(String... keys) {
    return Stream.of(keys)
        .map(key -> QueueMessage.of(key, ContentType.TEXT, new byte[100]))
        .toList();
  }

  private List<String> keys() throws Exception {
    return await(log.read(0, 10_000)).entries().stream().map(e -> e.message().key()).toList();
  }

  @Test
  void each_sync_is_told_with_what_it_made_durable() throws Exception {
    List<Long> synced = new CopyOnWriteArrayList<>();
    try (ChronicleQueueLog other =
        ChronicleQueueLog.open(
            folder.resolve("other"), settings, execution, (bytes, _) -> synced.add(bytes))) {
      await(other.append(batch("a", "b", "c")));
      await(other.append(batch("d")));

      assertThat(synced).hasSize(2);
      assertThat(synced.getFirst()).isBetween(300L, 600L);
    }
  }

  private void assertFails(CompletableFuture<?> answer, LogException.Reason reason) {
    assertThatThrownBy(() -> await(answer))
        .cause()
        .isInstanceOfSatisfying(LogException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static Runnable disk(String failure) {
    return () -> {
      throw new UncheckedIOException(new IOException(failure));
    };
  }

  @Nested
  class When_the_disk_fails {
    @ParameterizedTest
    @ValueSource(
        strings = {LogFailpoints.FILE_MADE, LogFailpoints.IN_APPEND, LogFailpoints.BEFORE_SYNC})
    void C21_a_batch_is_not_acknowledged_and_nothing_more_is_taken(String failpoint)
        throws Exception {
      if (!failpoint.equals(LogFailpoints.FILE_MADE)) {
        await(log.append(batch("a")));
      }
      execution.on(failpoint, disk("made up"));
      assertFails(log.append(batch("lost", "lost too")), LogException.Reason.BROKEN);
      execution.heal();

      assertFails(log.append(batch("b")), LogException.Reason.BROKEN);
      assertThat(keys()).doesNotContain("lost", "b");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {LogFailpoints.FILE_MADE, LogFailpoints.IN_APPEND, LogFailpoints.BEFORE_SYNC})
    void C21_it_goes_on_after_it_was_opened_again(String failpoint) throws Exception {
      if (!failpoint.equals(LogFailpoints.FILE_MADE)) {
        await(log.append(batch("a")));
      }
      int acknowledged = (int) log.end();
      execution.on(failpoint, disk("made up"));
      assertFails(log.append(batch("b", "c")), LogException.Reason.BROKEN);
      reopen();

      // Whether the batch survived is unknown; that what is there is whole is not.
      List<String> survived = keys();
      assertThat(survived)
          .isEqualTo(
              List.of("a", "b", "c").subList(1 - acknowledged, 1 - acknowledged + survived.size()));
      assertThat(survived).hasSizeGreaterThanOrEqualTo(acknowledged);
      assertThat(await(log.append(batch("d")))).isEqualTo(survived.size());
      assertThat(keys()).endsWith("d");
    }

    @Test
    void C21_a_full_disk_refuses_before_anything_is_touched_and_heals_by_itself() throws Exception {
      await(log.append(batch("a")));
      close();
      settings = settings.withReserve(Long.MAX_VALUE / 2);
      open();

      assertFails(log.append(batch("b")), LogException.Reason.FULL);

      assertThat(keys()).containsExactly("a");
      close();
      settings = settings.withReserve(0);
      open();
      assertThat(await(log.append(batch("c")))).isEqualTo(1);
    }

    @Test
    void a_batch_that_is_refused_before_it_is_appended_leaves_the_log_as_it_was() throws Exception {
      execution.on(LogFailpoints.BEFORE_APPEND, disk("made up"));
      assertThatThrownBy(() -> await(log.append(batch("a")))).hasRootCauseMessage("made up");
      execution.heal();

      assertThat(await(log.append(batch("b")))).isZero();
    }

    @Test
    void an_entry_that_was_damaged_later_is_reported_and_does_not_hide_its_neighbours()
        throws Exception {
      await(log.append(batch("aaaaaaaa", "bbbbbbbb", "cccccccc")));
      close();
      overwrite("bbbbbbbb");
      // Of the newest segment only the whole beginning counts.
      open();
      assertThat(log.end()).isEqualTo(1);
    }

    @Test
    void damage_in_the_middle_of_the_log_is_reported_and_does_not_hide_its_neighbours()
        throws Exception {
      await(log.append(batch("aaaaaaaa", "bbbbbbbb", "cccccccc")));
      reopen();
      await(log.append(batch("dddddddd")));
      close();
      overwrite("bbbbbbbb");
      open();

      LogPage page = await(log.read(0, 10));

      assertThat(page.damaged()).containsExactly(1L);
      assertThat(page.entries())
          .extracting(entry -> entry.message().key())
          .containsExactly("aaaaaaaa", "cccccccc", "dddddddd");
      assertThat(page.next()).isEqualTo(4);
    }

    private void overwrite(String key) throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".cq4")).toList()) {
          byte[] bytes = Files.readAllBytes(file);
          String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
          int at = text.indexOf(key);
          if (at >= 0) {
            bytes[at] ^= 1;
            Files.write(file, bytes);
          }
        }
      }
    }
  }

  @Nested
  class What_is_not_yet_durable {
    @Test
    void I5_cannot_be_read() throws Exception {
      await(log.append(batch("a")));
      CountDownLatch arrived = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      execution.on(
          LogFailpoints.BEFORE_SYNC,
          () -> {
            arrived.countDown();
            awaitUninterruptibly(release);
          });
      CompletableFuture<Long> answer = log.append(batch("b"));
      assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();

      assertThat(keys()).containsExactly("a");
      assertThat(log.end()).isEqualTo(1);
      assertThat(answer).isNotDone();
      release.countDown();

      await(answer);
      assertThat(keys()).containsExactly("a", "b");
    }

    @Test
    void shares_a_sync_with_all_that_waits() throws Exception {
      List<CompletableFuture<Long>> answers = new ArrayList<>();
      CountDownLatch release = new CountDownLatch(1);
      List<String> syncs = new ArrayList<>();
      execution.on(LogFailpoints.AFTER_SYNC, () -> syncs.add("sync"));
      execution.on(LogFailpoints.BEFORE_APPEND, () -> awaitUninterruptibly(release));
      for (int i = 0; i < 50; i++) {
        answers.add(log.append(batch("k" + i)));
      }
      release.countDown();
      for (CompletableFuture<Long> answer : answers) {
        await(answer);
      }

      assertThat(syncs).hasSizeLessThanOrEqualTo(2);
      assertThat(keys()).hasSize(50);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
      try {
        if (!latch.await(30, TimeUnit.SECONDS)) {
          throw new AssertionError("nobody released it");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Nested
  class Its_files {
    @Test
    void a_new_one_begins_when_one_is_large_enough() throws Exception {
      close();
      settings = settings.withFiles(1_000, Duration.ofDays(1));
      open();
      for (int i = 0; i < 30; i++) {
        await(log.append(batch("k" + i)));
      }

      assertThat(segments()).hasSizeBetween(4, 10);
      assertThat(keys()).hasSize(30);
    }

    @Test
    void a_new_one_begins_when_one_is_old_enough() throws Exception {
      await(log.append(batch("a")));
      await(log.append(batch("b")));
      now = now.plus(Duration.ofMinutes(59));
      await(log.append(batch("c")));
      assertThat(segments()).hasSize(1);
      now = now.plus(Duration.ofMinutes(1));
      await(log.append(batch("d")));

      assertThat(segments()).hasSize(2);
    }

    @Test
    void a_clock_that_jumps_back_does_no_harm() throws Exception {
      await(log.append(batch("a")));
      now = now.minus(Duration.ofDays(400));
      await(log.append(batch("b")));
      reopen();

      assertThat(await(log.append(batch("c")))).isEqualTo(2);
      assertThat(keys()).containsExactly("a", "b", "c");
    }

    @Test
    void opening_and_closing_makes_none() throws Exception {
      reopen();
      reopen();

      assertThat(segments()).isEmpty();
    }

    @Test
    void a_page_ends_after_some_megabytes() throws Exception {
      List<QueueMessage> large = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        large.add(QueueMessage.of("k" + i, ContentType.BYTES, new byte[60_000]));
      }
      await(log.append(large));

      LogPage page = await(log.read(0, 200));

      assertThat(page.entries()).hasSizeBetween(60, 80);
      assertThat(page.next()).isEqualTo(page.entries().size());
    }

    @Test
    void what_a_deletion_left_goes_at_the_next_opening() throws Exception {
      for (String key : List.of("a", "b", "c")) {
        await(log.append(batch(key)));
        reopen();
      }
      execution.on(LogFailpoints.IN_DELETE, disk("killed here"));
      assertThatThrownBy(() -> await(log.delete(2, now.plusSeconds(1)))).isNotNull();
      now = now.plusSeconds(10);
      reopen();

      assertThat(keys()).containsExactly("b", "c");
      try (Stream<Path> left = Files.list(folder.resolve("log"))) {
        assertThat(left).noneMatch(path -> path.toString().endsWith(".deleted"));
      }
    }

    private List<Path> segments() throws IOException {
      try (Stream<Path> files = Files.list(folder.resolve("log"))) {
        return files.filter(Files::isDirectory).toList();
      }
    }
  }

  @Nested
  class A_second_opening {
    @Test
    void is_refused() {
      assertThatThrownBy(() -> ChronicleQueueLog.open(folder.resolve("log"), settings, execution))
          .isInstanceOf(LogException.class)
          .hasMessageContaining("open already");
    }

    @Test
    void is_refused_without_harm_to_the_first() throws Exception {
      assertThatThrownBy(() -> ChronicleQueueLog.open(folder.resolve("log"), settings, execution))
          .isInstanceOf(LogException.class);

      await(log.append(batch("a")));
      assertThat(keys()).containsExactly("a");
    }
  }

  @Test
  void a_folder_that_cannot_be_made_is_refused_with_advice() throws Exception {
    Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(
            () -> ChronicleQueueLog.open(folder.resolve("file/log"), settings, execution))
        .isInstanceOf(LogException.class)
        .hasMessageContaining("Check its owner");
  }
}
