package dev.dormouse.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// A scrape asks others, and neither waits for them nor wears them out.
class LookTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private CompletableFuture<String> answer = new CompletableFuture<>();
  private final Look<String> look =
      new Look<>(
          "a test",
          "nothing yet",
          () -> {
            asked.incrementAndGet();
            return answer;
          },
          nanos::get);

  @Test
  void an_answer_that_is_late_is_found_by_the_next_scrape_without_another_question() {
    look.run();
    assertThat(look.latest()).isEqualTo("nothing yet");
    nanos.addAndGet(100);
    answer.complete("late");
    look.run();

    assertThat(look.latest()).isEqualTo("late");
    assertThat(asked).hasValue(1);
  }

  @Test
  void whoever_answered_slowly_is_left_alone_for_nine_times_as_long() {
    look.run();
    nanos.addAndGet(100);
    answer.complete("first");
    answer = CompletableFuture.completedFuture("second");
    nanos.addAndGet(899);
    look.run();
    assertThat(look.latest()).isEqualTo("first");

    nanos.addAndGet(1);
    look.run();
    assertThat(look.latest()).isEqualTo("second");
    answer = CompletableFuture.completedFuture("third");
    look.run();
    assertThat(look.latest()).as("that one took no time").isEqualTo("third");
  }

  @Test
  void what_fails_leaves_the_last_answer_and_is_asked_again() {
    answer = CompletableFuture.completedFuture("known");
    look.run();
    answer = CompletableFuture.failedFuture(new IllegalStateException("as told"));
    look.run();
    assertThat(look.latest()).isEqualTo("known");
    answer = CompletableFuture.completedFuture("better");
    look.run();
    assertThat(look.latest()).isEqualTo("better");
  }
}
