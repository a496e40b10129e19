package dev.dormouse.saga.queue.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.Refusal;
import dev.dormouse.saga.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What sending promises, whatever the log is, and whenever the process dies.
abstract class SendingContract extends QueueSituation {
  @Nested
  class Sending {
    @Test
    void a_message_reaches_its_room_once() {
      Plant plant = plant(g -> g);
      plant.run(t -> {
        plant.shop("a", "one");
        t.settle();
        assertThat(taken).containsExactly("one@1");
        t.advance(Duration.ofMinutes(5));
        assertThat(taken).containsExactly("one@1");
        assertThat(report(plant).acked()).isEqualTo(1);
        assertThat(report(plant).backlog()).isZero();
      });
    }

    @Test
    void nothing_is_left_of_it_in_the_sender() {
      Plant plant = plant(g -> g);
      plant.run(t -> {
        plant.shop("a", "one");
        t.settle();
        assertThat(t.disk().keys(t.id(Plant.SHOPS, "a")).keySet())
            .containsExactly("\0queue/sent/orders", "said");
        assertThat(t.disk().alarms(t.id(Plant.SHOPS, "a"))).isEmpty();
        assertThat(t.disk().version(t.id(Plant.SHOPS, "a"))).as("S2").isEqualTo(1);
      });
    }

    @Test
    void T3_a_turn_that_throws_sends_nothing() {
      Plant plant = plant(g -> g).troubled();
      plant.shop =
          (context, what) -> {
            queues(context).send("orders", Outgoing.text(what));
            throw new Refusal.Refused(409, "no");
          };
      plant.run(t -> {
        assertThatThrownBy(() -> plant.shop("a", "one")).isInstanceOf(Refusal.class);
        t.advance(Duration.ofMinutes(1));
        assertThat(taken).isEmpty();
      });
    }

    @Test
    void T7_a_transaction_that_throws_sends_nothing() {
      Plant plant = plant(g -> g);
      plant.shop =
          (context, what) -> {
            queues(context).send("orders", Outgoing.text("before"));
            try {
              context
                  .storage()
                  .transaction(() -> {
                    queues(context).send("orders", Outgoing.text("inside"));
                    throw new IllegalStateException("on purpose");
                  });
            } catch (IllegalStateException e) {
              queues(context).send("orders", Outgoing.text("after"));
            }
            return "";
          };
      plant.run(t -> {
        plant.shop("a", "");
        t.settle();
        assertThat(taken).containsExactly("before@1", "after@1");
      });
    }

    @Test
    void messages_of_a_room_arrive_in_the_order_in_which_they_were_sent() {
      Plant plant = plant(g -> g);
      plant.run(t -> {
        for (int i = 0; i < 30; i++) {
          plant.shop("a", "" + i);
        }
        t.settle();
        assertThat(taken)
            .containsExactlyElementsOf(IntStream.range(0, 30).mapToObj(i -> i + "@1").toList());
      });
    }

    @Test
    void a_batch_arrives_in_batches() {
      Plant plant = plant(g -> g.batch(4));
      List<Integer> sizes = new ArrayList<>();
      plant.shop =
          (context, what) ->
              String.join(
                  ",",
                  queues(context)
                      .send(
                          "orders",
                          IntStream.range(0, 10)
                              .mapToObj(i -> Outgoing.text("" + i).unordered())
                              .toList()));
      plant.account =
          (context, batch) -> {
            sizes.add(batch.messages().size());
            batch.messages().forEach(SendingContract.this::note);
          };
      plant.run(t -> {
        assertThat(plant.shop("a", "").split(",")).hasSize(10).doesNotHaveDuplicates();
        t.settle();
        assertThat(taken).hasSize(10);
        assertThat(sizes).containsExactly(4, 4, 2);
      });
    }

    @Test
    void a_batch_waits_for_more_if_it_was_asked_to() {
      Plant plant = plant(g -> g.batchWait(Duration.ofSeconds(5)).unordered());
      plant.run(t -> {
        plant.shop("a", "one");
        t.advance(Duration.ofSeconds(4));
        assertThat(taken).isEmpty();
        plant.shop("a", "two");
        t.advance(Duration.ofSeconds(2));
        assertThat(taken).containsExactly("one@1", "two@1");
      });
    }

    @Test
    void a_delayed_message_comes_at_its_time() {
      Plant plant = plant(g -> g);
      plant.shop =
          (context, what) ->
              queues(context).send("orders", Outgoing.text(what).after(Duration.ofMinutes(10)));
      plant.run(t -> {
        plant.shop("a", "later");
        t.advance(Duration.ofMinutes(9));
        assertThat(taken).isEmpty();
        assertThat(report(plant).delayed()).isEqualTo(1);
        t.advance(Duration.ofMinutes(2));
        assertThat(taken).containsExactly("later@1");
      });
    }

    @Test
    void what_has_the_same_key_comes_once() {
      Plant plant = plant(g -> g);
      plant.shop =
          (context, what) -> queues(context).send("orders", Outgoing.text(what).key("order-7"));
      plant.run(t -> {
        assertThat(plant.shop("a", "one")).isEqualTo("order-7");
        plant.shop("a", "again");
        plant.shop("b", "again");
        t.settle();
        assertThat(taken).containsExactly("one@1");
      });
    }

    @Test
    void what_cannot_be_sent_is_refused_clearly() {
      Plant plant = plant(g -> g);
      plant.shop =
          (context, what) ->
              switch (what) {
                case "large" -> queues(context).send("orders", Outgoing.bytes(new byte[1_001]));
                case "many" -> {
                  queues(context)
                      .send(
                          "orders",
                          IntStream.range(0, 101).mapToObj(i -> Outgoing.text("")).toList());
                  yield "";
                }
                default -> {
                  assertThatIllegalArgumentException()
                      .isThrownBy(() -> queues(context).send("nobody", Outgoing.text("")))
                      .withMessageContaining("no queue 'nobody'");
                  yield "fine";
                }
              };
      plant.run(t -> {
        assertThatThrownBy(() -> plant.shop("a", "large"))
            .isInstanceOf(Refusal.TooLarge.class)
            .hasMessageContaining("1001 bytes; queue 'orders' takes up to 1000");
        assertThatThrownBy(() -> plant.shop("a", "many"))
            .isInstanceOf(Refusal.TooLarge.class)
            .hasMessageContaining("101");
        assertThat(plant.shop("a", "unknown")).isEqualTo("fine");
      });
    }
  }

  /// Has the next appends to the log fail.
  ///
  /// @return how many still will; below zero once more were tried
  private static AtomicInteger failingAppends(Plant plant, int count) {
    AtomicInteger left = new AtomicInteger(count);
    plant
        .tester
        .execution()
        .at(
            QueueFailpoints.BEFORE_APPEND,
            pass -> {
              if (left.getAndDecrement() > 0) {
                throw new IllegalStateException("on purpose");
              }
            });
    return left;
  }

  @Nested
  class Deaths {
    @Test
    void C3_what_was_not_appended_is_appended_by_the_next_process() throws Exception {
      Plant plant = plant(g -> g).troubled();
      var _ = failingAppends(plant, 1);
      plant.run(t -> {
        plant.shop("a", "one");
        t.settle();
        assertThat(taken).isEmpty();
        plant.crash();
        t.settle();
        t.advance(Duration.ofSeconds(10));
        assertThat(taken).containsExactly("one@1");
      });
    }

    @Test
    void I6_an_append_that_fails_is_tried_again_and_not_overtaken() {
      Plant plant = plant(g -> g).troubled();
      var _ = failingAppends(plant, 1);
      plant.run(t -> {
        plant.shop("a", "one");
        t.settle();
        plant.shop("a", "two");
        t.advance(Duration.ofSeconds(10));
        assertThat(taken).containsExactly("one@1", "two@1");
      });
    }

    @Test
    void C20_a_clock_that_is_set_back_keeps_nothing_waiting_that_could_not_be_appended() {
      Plant plant = plant(g -> g).troubled();
      AtomicInteger left = failingAppends(plant, 3);
      plant.run(t -> {
        plant.shop("a", "one");
        t.settle();
        t.execution().setClock(Duration.ofHours(-2));
        t.advance(Duration.ofSeconds(30));
        assertThat(left.get()).as("it was tried again").isNegative();
        assertThat(taken).containsExactly("one@1");
        assertThat(t.disk().alarms(t.id(Plant.SHOPS, "a"))).isEmpty();
      });
    }

    @Test
    void a_polite_stop_strands_nothing() throws Exception {
      Plant plant = plant(g -> g);
      plant.run(t -> {
        for (int i = 0; i < 10; i++) {
          plant.shop("a", "" + i);
        }
        plant.stopAndStart();
        t.advance(Duration.ofMinutes(2));
        assertThat(taken.stream().map(each -> each.substring(0, 1)).distinct()).hasSize(10);
        assertThat(report(plant).backlog()).isZero();
      });
    }
  }
}
