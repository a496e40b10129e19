package dev.dormouse.saga.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What every log promises. A subclass says how one is opened, whose files hold one batch each.
public abstract class QueueLogContract {
  private static final int MESSAGE_BYTES = 32 * 1024;

  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  protected QueueLog log;

  /// Opens the log, again if it was open before; messages have at most `messageBytes`.
  protected abstract QueueLog open(int messageBytes) throws Exception;

  /// Takes away all from `position` on, the first of a batch, while the log is closed.
  protected abstract void loseFrom(long position) throws Exception;

  /// The log's clock.
  protected final Instant now() {
    return now;
  }

  @BeforeEach
  final void openFirst() throws Exception {
    log = open(MESSAGE_BYTES);
  }

  @AfterEach
  final void closeLast() {
    log.close();
  }

  private void reopen() throws Exception {
    log.close();
    log = open(MESSAGE_BYTES);
  }

  protected static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  protected static QueueMessage message(String key) {
    return QueueMessage.of(key, ContentType.TEXT, ("payload of " + key).getBytes(UTF_8));
  }

  protected static List<QueueMessage> batch(String... keys) {
    return IntStream.range(0, keys.length).mapToObj(i -> message(keys[i])).toList();
  }

  private List<String> keys(long from, int limit) throws Exception {
    return await(log.read(from, limit)).entries().stream()
        .map(entry -> entry.message().key())
        .toList();
  }

  @Nested
  class Appending_and_reading {
    @Test
    void an_empty_log_has_nothing_to_read() throws Exception {
      assertThat(log.first()).isZero();
      assertThat(log.end()).isZero();

      LogPage page = await(log.read(0, 10));

      assertThat(page.entries()).isEmpty();
      assertThat(page.next()).isZero();
    }

    @Test
    void positions_follow_each_other_without_gaps() throws Exception {
      assertThat(await(log.append(batch("a", "b", "c")))).isZero();
      assertThat(await(log.append(batch("d")))).isEqualTo(3);

      assertThat(log.end()).isEqualTo(4);
      LogPage page = await(log.read(0, 10));
      assertThat(page.entries()).extracting(LogEntry::position).containsExactly(0L, 1L, 2L, 3L);
      assertThat(keys(0, 10)).containsExactly("a", "b", "c", "d");
      assertThat(page.next()).isEqualTo(4);
      assertThat(page.damaged()).isEmpty();
    }

    @Test
    void a_batch_is_readable_as_soon_as_its_append_is_answered() throws Exception {
      for (int i = 0; i < 20; i++) {
        long position = await(log.append(batch("k" + i)));

        assertThat(keys(position, 1)).containsExactly("k" + i);
      }
    }

    @Test
    void reading_begins_anywhere_and_ends_at_the_limit() throws Exception {
      await(log.append(batch("a", "b", "c")));
      await(log.append(batch("d", "e")));

      assertThat(keys(1, 2)).containsExactly("b", "c");
      assertThat(await(log.read(1, 2)).next()).isEqualTo(3);
      assertThat(keys(4, 10)).containsExactly("e");
      assertThat(keys(2, 2)).containsExactly("c", "d");
      assertThat(keys(0, 1)).containsExactly("a");
    }

    @Test
    void nothing_is_at_the_end_or_behind_it() throws Exception {
      await(log.append(batch("a")));

      assertThat(await(log.read(1, 10)).next()).isEqualTo(1);
      assertThat(keys(1, 10)).isEmpty();
      assertThat(await(log.read(99, 10)).next()).isEqualTo(99);
      assertThat(keys(99, 10)).isEmpty();
    }

    @Test
    void all_of_a_message_comes_back() throws Exception {
      byte[] payload = {0, -1, 1, 127, -128};
      QueueMessage sent =
          new QueueMessage(
              "room/ß€😀", 42, "key", "type", ContentType.BYTES, 123456789, "order", null, payload);
      QueueMessage dead = message("dead").deadLetter(new DeadLetter("q", "g", 7, 4, "it said: no"));
      await(log.append(List.of(sent, dead)));

      List<LogEntry> entries = await(log.read(0, 10)).entries();

      assertThat(entries.getFirst().message()).usingRecursiveComparison().isEqualTo(sent);
      assertThat(entries.get(1).message()).usingRecursiveComparison().isEqualTo(dead);
      assertThat(entries).extracting(LogEntry::appendedAt).containsOnly(now.toEpochMilli());
    }

    @Test
    void payloads_of_every_length_come_back() throws Exception {
      List<QueueMessage> batch = new ArrayList<>();
      for (int length = 0; length < 70; length++) {
        byte[] payload = new byte[length];
        java.util.Arrays.fill(payload, (byte) length);
        batch.add(QueueMessage.of("k" + length, ContentType.JSON, payload));
      }
      await(log.append(batch));

      List<LogEntry> entries = await(log.read(0, 100)).entries();
      for (int length = 0; length < 70; length++) {
        assertThat(entries.get(length).message().payload()).isEqualTo(batch.get(length).payload());
      }
    }

    @Test
    void an_empty_batch_changes_nothing() throws Exception {
      assertThat(await(log.append(List.of()))).isZero();

      assertThat(log.end()).isZero();
    }

    @Test
    void a_message_that_is_too_large_is_refused_with_its_whole_batch() throws Exception {
      QueueMessage large = QueueMessage.of("large", ContentType.BYTES, new byte[MESSAGE_BYTES + 1]);

      assertThatThrownBy(() -> await(log.append(List.of(message("a"), large))))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              LogException.class,
              e -> assertThat(e.reason()).isEqualTo(LogException.Reason.TOO_LARGE));

      assertThat(await(log.append(batch("b")))).isZero();
      assertThat(keys(0, 10)).containsExactly("b");
    }

    @Test
    void batches_of_many_threads_stay_whole() throws Exception {
      List<CompletableFuture<Long>> answers = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int number = thread;
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (int i = 0; i < 25; i++) {
                    String key = number + "-" + i;
                    CompletableFuture<Long> answer =
                        log.append(batch(key + "-0", key + "-1", key + "-2"));
                    synchronized (answers) {
                      answers.add(answer);
                    }
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      Set<Long> starts = new HashSet<>();
      for (CompletableFuture<Long> answer : answers) {
        starts.add(await(answer));
      }

      assertThat(starts).hasSize(200).allMatch(start -> start % 3 == 0);
      List<String> keys = keys(0, 1000);
      assertThat(keys).hasSize(600).doesNotHaveDuplicates();
      for (long start : starts) {
        String first = keys.get((int) start);
        String stem = first.substring(0, first.length() - 1);
        assertThat(keys.subList((int) start, (int) start + 3))
            .containsExactly(stem + "0", stem + "1", stem + "2");
      }
    }
  }

  @Nested
  class Opening_again {
    @Test
    void everything_is_still_there_and_positions_go_on() throws Exception {
      await(log.append(batch("a", "b")));
      reopen();

      assertThat(log.end()).isEqualTo(2);
      assertThat(keys(0, 10)).containsExactly("a", "b");
      assertThat(await(log.append(batch("c")))).isEqualTo(2);

      reopen();
      reopen();

      assertThat(keys(0, 10)).containsExactly("a", "b", "c");
      assertThat(await(log.append(batch("d")))).isEqualTo(3);
      assertThat(keys(1, 10)).containsExactly("b", "c", "d");
    }

    @Test
    void what_was_being_appended_at_the_close_is_there() throws Exception {
      CompletableFuture<Long> answer = log.append(batch("a"));
      reopen();

      assertThat(await(answer)).isZero();
      assertThat(keys(0, 10)).containsExactly("a");
    }

    @Test
    void a_lost_tail_shows_in_the_end_and_its_positions_are_used_again() throws Exception {
      await(log.append(batch("a", "b")));
      await(log.append(batch("c")));
      log.close();
      loseFrom(2);
      log = open(MESSAGE_BYTES);

      assertThat(log.end()).isEqualTo(2);
      assertThat(keys(3, 10)).isEmpty();
      assertThat(await(log.append(batch("d")))).isEqualTo(2);
    }

    @Test
    void a_closed_log_refuses() {
      log.close();

      for (CompletableFuture<?> answer :
          List.of(log.append(batch("a")), log.read(0, 1), log.delete(1, now))) {
        assertThatThrownBy(() -> await(answer))
            .cause()
            .isInstanceOfSatisfying(
                LogException.class,
                e -> assertThat(e.reason()).isEqualTo(LogException.Reason.CLOSED));
      }
    }
  }

  @Nested
  class Deleting {
    private static final Duration DAY = Duration.ofDays(1);

    @BeforeEach
    void three_files_a_day_apart() throws Exception {
      await(log.append(batch("a", "b")));
      now = now.plus(DAY);
      await(log.append(batch("c", "d")));
      now = now.plus(DAY);
      await(log.append(batch("e", "f")));
    }

    @Test
    void files_go_that_lie_before_the_position_and_are_old() throws Exception {
      assertThat(await(log.delete(2, now.plus(DAY)))).isEqualTo(1);

      assertThat(log.first()).isEqualTo(2);
      assertThat(log.end()).isEqualTo(6);
      assertThat(keys(0, 10)).containsExactly("c", "d", "e", "f");
      assertThat(await(log.read(0, 10)).from()).isEqualTo(2);
    }

    @Test
    void a_file_with_one_entry_at_the_position_stays() throws Exception {
      assertThat(await(log.delete(1, now.plus(DAY)))).isZero();
      assertThat(await(log.delete(3, now.plus(DAY)))).isEqualTo(1);

      assertThat(log.first()).isEqualTo(2);
    }

    @Test
    void a_young_file_stays() throws Exception {
      assertThat(await(log.delete(6, now.minus(DAY)))).isZero();
      assertThat(await(log.delete(6, now))).isEqualTo(1);

      assertThat(log.first()).isEqualTo(2);
    }

    @Test
    void the_newest_file_stays() throws Exception {
      assertThat(await(log.delete(6, now.plus(DAY)))).isEqualTo(2);
      assertThat(await(log.delete(6, now.plus(DAY)))).isZero();

      assertThat(keys(0, 10)).containsExactly("e", "f");
    }

    @Test
    void C19_readers_and_writers_go_on_while_files_are_deleted() throws Exception {
      assertThat(keys(1, 1)).containsExactly("b");
      await(log.delete(4, now.plus(DAY)));

      assertThat(keys(2, 1)).containsExactly("e");
      assertThat(await(log.append(batch("g")))).isEqualTo(6);
      assertThat(keys(0, 10)).containsExactly("e", "f", "g");

      reopen();

      assertThat(log.first()).isEqualTo(4);
      assertThat(keys(0, 10)).containsExactly("e", "f", "g");
    }
  }
}
