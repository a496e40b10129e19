package dev.dormouse.saga.queue.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Refusal;
import dev.dormouse.saga.Queue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/// What an observer is told is what happened, and the figures are what a person would be shown,
/// with everybody asleep.
class QueueObserverTest extends QueueSituation {
  private final MemoryLogs logs = new MemoryLogs();
  private final Map<String, Long> heard = new ConcurrentHashMap<>();

  private final QueueObserver observer =
      new QueueObserver() {
        private void count(String what, long more) {
          heard.merge(what, more, Long::sum);
        }

        @Override
        public void published(String queue, int messages) {
          count(queue + " published", messages);
        }

        @Override
        public void delivered(String queue, String group, long messages, long again) {
          count(queue + "/" + group + " delivered", messages);
          count(queue + "/" + group + " again", again);
        }

        @Override
        public void acknowledged(String queue, String group, long messages) {
          count(queue + "/" + group + " acknowledged", messages);
        }

        @Override
        public void deadLettered(String queue, String group, long messages) {
          count(queue + "/" + group + " dead", messages);
        }
      };

  @Override
  protected Logs logs(InstantSource clock) {
    logs.clock(clock);
    return logs;
  }

  @Test
  void what_is_sent_handed_out_and_settled_is_told_once() {
    Plant plant = plant(g -> g.retries(1).backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(1)));
    plant.observer = observer;
    plant.troubled().account =
        (context, batch) -> {
          if (batch.messages().getFirst().text().equals("bad")) {
            throw new Refusal.Refused(409, "broken");
          }
        };
    plant.run(t -> {
      plant.shop("a", "good");
      plant.shop("b", "bad");
      t.advance(Duration.ofSeconds(10));
      assertThat(new TreeMap<>(heard))
          .containsExactly(
              Map.entry("orders published", 2L),
              Map.entry("orders.dead published", 1L),
              Map.entry("orders/billing acknowledged", 1L),
              Map.entry("orders/billing again", 1L),
              Map.entry("orders/billing dead", 1L),
              Map.entry("orders/billing delivered", 3L));
      plant.node().desk().redriveAll("orders", "billing");
      t.advance(Duration.ofSeconds(10));
      assertThat(heard)
          .containsEntry("orders/billing dead", 2L)
          // Driven again, it has no attempt behind it.
          .containsEntry("orders/billing again", 2L);
    });
  }

  @Test
  void the_figures_say_what_waits_and_for_how_long_and_wake_nobody() {
    Plant plant = plant(g -> g);
    plant.run(t -> {
      plant.node().desk().pause("orders", "billing");
      plant.shop("a", "one");
      plant.shop("a", "two");
      t.advance(Duration.ofMinutes(1));
      assertThat(t.node().awake()).isZero();

      QueueFigures figures = plant.node().figures();
      assertThat(t.node().awake()).isZero();
      assertThat(figures.groups())
          .singleElement()
          .satisfies(depth -> {
            assertThat(depth.queue() + "/" + depth.group()).isEqualTo("orders/billing");
            assertThat(depth.backlog()).isEqualTo(2);
            assertThat(depth.leased()).isZero();
            assertThat(depth.oldestMillis()).isBetween(60_000L, 61_000L);
          });
      assertThat(figures.logs())
          .extracting(QueueFigures.Log::queue)
          .containsExactly("orders", "orders.dead");
    });
  }

  @Test
  void all_names_are_known_beforehand() {
    Queue orders = Queue.named("orders").group("billing", g -> g).group("reports", g -> g).build();

    assertThat(QueueNode.names(List.of(orders)))
        .containsExactly(
            Map.entry("orders", List.of("billing", "reports")),
            Map.entry("orders.dead", List.of()));
  }
}
