package dev.dormouse.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// What can be declared, and what is refused at once.
class QueueDeclarationTest {
  @Test
  void the_defaults_are_those_that_are_documented() {
    Queue queue = Queue.named("orders").group("billing").build();
    Queue.Group group = queue.group("billing").orElseThrow();

    assertThat(queue.http()).as("secure by default").isFalse();
    assertThat(queue.messageBytes()).isEqualTo(256 * 1024);
    assertThat(group.delivery()).isEmpty();
    assertThat(group.batch()).isEqualTo(10);
    assertThat(group.retries()).isEqualTo(3);
    assertThat(group.lease()).isEqualTo(Duration.ofSeconds(30));
    assertThat(group.deadLetters()).isEqualTo("orders.dead");
    assertThat(group.window()).isEqualTo(100_000);
    assertThat(group.maxAge()).isEqualTo(Duration.ofDays(14));
    assertThat(group.ordered()).isTrue();
  }

  @Test
  void names_that_cannot_be_are_refused() {
    for (String name : List.of("", "Orders", "9", "a/b", "_a", "a b", "a".repeat(65))) {
      assertThatIllegalArgumentException()
          .as(name)
          .isThrownBy(() -> Queue.named(name))
          .withMessageContaining("a queue's name");
      assertThatIllegalArgumentException()
          .as(name)
          .isThrownBy(() -> Queue.named("orders").group(name));
    }
  }

  @Test
  void settings_that_cannot_be_are_refused_with_the_group_and_the_queue() {
    List<UnaryOperator<GroupBuilder>> wrong =
        List.of(
            g -> g.batch(0),
            g -> g.batch(101),
            g -> g.batchWait(Duration.ofMinutes(2)),
            g -> g.inFlight(0),
            g -> g.lease(Duration.ZERO),
            g -> g.lease(Duration.ofHours(13)),
            g -> g.retries(-1),
            g -> g.retries(101),
            g -> g.backoff(Duration.ofSeconds(2), 2, Duration.ofSeconds(1)),
            g -> g.backoff(Duration.ofSeconds(1), 0.5, Duration.ofSeconds(2)),
            g -> g.deadLetters("orders"),
            g -> g.deadLetters("Dead"),
            g -> g.window(0),
            g -> g.rememberedKeys(-1),
            g -> g.maxAge(Duration.ZERO));
    for (UnaryOperator<GroupBuilder> each : wrong) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Queue.named("orders").group("billing", each))
          .withMessageStartingWith("group 'billing' of queue 'orders' ");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Queue.named("orders").group("billing").group("billing"));
    assertThatIllegalArgumentException().isThrownBy(() -> Queue.named("a").messageBytes(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Queue.named("a").messageBytes(1024 * 1024 + 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Queue.named("a").keepBytes(0));
  }
}
