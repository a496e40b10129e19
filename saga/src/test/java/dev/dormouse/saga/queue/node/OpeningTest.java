package dev.dormouse.saga.queue.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When logs are opened, and what is said when they cannot be.
class OpeningTest {
  private final List<String> opened = new ArrayList<>();

  private final Logs logs =
      new Logs() {
        private final MemoryLogs memory = new MemoryLogs();

        @Override
        public QueueLog open(String queue) throws LogException {
          if (queue.equals("broken")) {
            throw new LogException(
                LogException.Reason.UNUSABLE, "start java with\n  --add-this-flag", null);
          }
          opened.add(queue);
          return memory.open(queue);
        }

        @Override
        public boolean exists(String queue) {
          return memory.exists(queue);
        }
      };

  private QueueNode open(Queue... queues) throws LogException {
    return QueueNode.open(List.of(queues), logs, new SystemExecution());
  }

  @Test
  void nothing_is_opened_where_no_queue_is_declared() throws Exception {
    open().close();
    assertThat(opened).isEmpty();
  }

  @Test
  void declared_queues_are_opened_and_those_of_dead_letters_only_when_there_is_one()
      throws Exception {
    open(Queue.named("orders").group("billing").build()).close();
    assertThat(opened).containsExactly("orders");
  }

  @Test
  void what_a_log_needs_is_said_as_it_is() {
    assertThatThrownBy(() -> open(Queue.named("broken").group("g").build()))
        .isInstanceOf(LogException.class)
        .hasMessageContaining("\n  --add-this-flag");
  }

  @Test
  void declarations_that_do_not_fit_together_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(Queue.named("orders").build()))
        .withMessageContaining("queue 'orders' has no group");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            open(
                Queue.named("orders").group("a").build(), Queue.named("orders").group("b").build()))
        .withMessageContaining("two queues are named 'orders'");
  }

  @Test
  void a_queue_of_dead_letters_needs_no_group() throws Exception {
    open(
            Queue.named("orders").group("billing").build(),
            Queue.named("orders.dead").keep(java.time.Duration.ofDays(30)).build())
        .close();
    assertThat(opened).containsExactly("orders", "orders.dead");
  }
}
