package dev.dormouse.saga.queue.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.Refusal;
import dev.dormouse.saga.queue.MessageState;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What operators see and do, whatever the log is.
abstract class DeskContract extends QueueSituation {
  @Nested
  class Operators {
    private Plant broken() {
      Plant plant = plant(g -> g.retries(0)).troubled();
      plant.account =
          (context, batch) -> {
            batch.messages().forEach(DeskContract.this::note);
            if (taken.size() <= 2) {
              throw new Refusal.Refused(409, "broken");
            }
          };
      return plant;
    }

    @Test
    void see_dead_letters_and_drive_them_again() {
      Plant plant = broken();
      plant.run(t -> {
        plant.shop("a", "one");
        plant.shop("b", "two");
        t.advance(Duration.ofSeconds(5));
        QueueDesk desk = plant.node().desk();
        assertThat(desk.dead("orders", "billing", 0, 10))
            .extracting(QueueDesk.Seen::state)
            .containsExactly(MessageState.DEAD, MessageState.DEAD);
        assertThat(report(plant).dead()).isEqualTo(2);
        long first = desk.dead("orders", "billing", 0, 1).getFirst().position();
        desk.redrive("orders", "billing", first);
        t.settle();
        assertThat(report(plant).dead()).isEqualTo(1);
        assertThat(desk.redriveAll("orders", "billing")).isEqualTo(1);
        t.settle();
        assertThat(report(plant).dead()).isZero();
        assertThat(report(plant).acked()).isEqualTo(2);
        assertThat(dead(plant)).as("the letters stay").hasSize(2);
        assertThatThrownBy(() -> desk.redrive("orders", "billing", first))
            .isInstanceOf(Refusal.NotFound.class);
      });
    }

    @Test
    void pause_resume_and_purge() {
      Plant plant = plant(g -> g);
      plant.run(t -> {
        QueueDesk desk = plant.node().desk();
        desk.pause("orders", "billing");
        plant.shop("a", "one");
        plant.shop("a", "two");
        t.advance(Duration.ofMinutes(1));
        assertThat(taken).isEmpty();
        assertThat(report(plant).paused()).isTrue();
        assertThat(report(plant).backlog()).isEqualTo(2);
        assertThat(report(plant).oldestMillis().orElseThrow()).isGreaterThanOrEqualTo(60_000);
        assertThat(desk.purge("orders", "billing")).isEqualTo(2);
        plant.shop("a", "three");
        desk.resume("orders", "billing");
        t.advance(Duration.ofSeconds(5));
        assertThat(taken).containsExactly("three@1");
      });
    }

    @Test
    void look_at_messages() {
      Plant plant = plant(g -> g);
      plant.run(t -> {
        QueueDesk desk = plant.node().desk();
        plant.account = (context, batch) -> batch.messages().forEach(each -> each.retry());
        plant.shop("a", "one");
        t.settle();
        QueueDesk.Seen seen = desk.peek("orders", "billing", null, 0, 10).getFirst();
        assertThat(seen.state()).isEqualTo(MessageState.DELAYED);
        assertThat(seen.attempts()).isEqualTo(1);
        assertThat(seen.logged().orElseThrow().preview()).isEqualTo("one");
        assertThat(seen.logged().orElseThrow().source()).startsWith("shops:");
        assertThat(desk.queues())
            .extracting(QueueDesk.QueueReport::name)
            .containsExactly("orders", "orders.dead");
        assertThat(desk.queues().getLast().deadLettersOf()).containsExactly("orders");
        assertThatThrownBy(() -> desk.peek("orders", "nobody", null, 0, 1))
            .isInstanceOf(Refusal.NotFound.class);
        assertThatThrownBy(() -> desk.log("nothing", 0, 1)).isInstanceOf(Refusal.NotFound.class);
      });
    }
  }
}
