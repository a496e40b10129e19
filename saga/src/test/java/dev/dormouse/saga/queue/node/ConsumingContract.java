package dev.dormouse.saga.queue.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.saga.Outgoing;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What consuming promises, whatever the log is.
abstract class ConsumingContract extends QueueSituation {
  /// What a group's function gives that looks into a field which the message has not.
  @SuppressWarnings("NullAway")
  private static String nobody() {
    return null;
  }

  @Nested
  class Consuming {
    @Test
    void what_throws_comes_again_with_a_longer_wait_each_time_and_then_is_a_dead_letter() {
      Plant plant =
          plant(g -> g.retries(2).backoff(Duration.ofSeconds(10), 2, Duration.ofMinutes(1)))
              .troubled();
      plant.account =
          (context, batch) -> {
            batch.messages().forEach(ConsumingContract.this::note);
            throw new IllegalStateException("broken on purpose");
          };
      plant.run(t -> {
        plant.shop("a", "one");
        t.settle();
        assertThat(taken).containsExactly("one@1");
        t.advance(Duration.ofSeconds(11));
        assertThat(taken).containsExactly("one@1", "one@2");
        t.advance(Duration.ofSeconds(4));
        assertThat(taken).hasSize(2);
        t.advance(Duration.ofSeconds(30));
        assertThat(taken).containsExactly("one@1", "one@2", "one@3");
        t.advance(Duration.ofMinutes(5));
        assertThat(taken).hasSize(3);
        assertThat(dead(plant)).containsExactly("one");
        QueueDesk.Logged letter = plant.node().desk().log("orders.dead", 0, 1).getFirst();
        assertThat(letter.origin().orElseThrow().error()).contains("broken on purpose");
        assertThat(letter.origin().orElseThrow().attempts()).isEqualTo(3);
        assertThat(report(plant).letters()).isZero();
      });
    }

    @Test
    void what_was_acknowledged_while_the_group_could_not_write_is_not_handled_again() {
      Plant plant = plant(g -> g.lease(Duration.ofMillis(700))).troubled();
      plant.run(t -> {
        // The disk is full when the answer comes, and well before the group falls asleep.
        plant.lost =
            () -> {
              if (taken.size() == 1) {
                t.store().trouble("no space left on device");
              }
              return false;
            };
        plant.shop("a", "one");
        t.settle();
        assertThat(taken).containsExactly("one@1");
        assertThat(report(plant).acked()).isZero();

        plant.lost = () -> false;
        t.store().trouble(null);
        t.advance(Duration.ofMillis(800));
        t.advance(Duration.ofMinutes(2));

        assertThat(report(plant).acked()).isOne();
        assertThat(taken).containsExactly("one@1");
      });
    }

    @Test
    void T4_a_refusal_counts_as_a_failed_attempt_and_keeps_the_room() {
      Plant plant = plant(g -> g).troubled();
      plant.account =
          (context, batch) -> {
            batch.messages().forEach(ConsumingContract.this::note);
            if (batch.messages().getFirst().attempt() == 1) {
              throw new Refusal.Overloaded("not now");
            }
          };
      plant.run(t -> {
        plant.shop("a", "one");
        t.advance(Duration.ofSeconds(2));
        assertThat(taken).containsExactly("one@1", "one@2");
      });
    }

    @Test
    void each_message_can_be_answered_by_itself_and_the_first_answer_counts() {
      Plant plant = plant(g -> g.unordered());
      plant.account =
          (context, batch) -> {
            for (QueueConsumer.Delivery each : batch.messages()) {
              note(each);
              if (each.attempt() == 1 && each.text().equals("b")) {
                each.retry();
                each.ack();
              } else {
                each.ack();
                each.retry(Duration.ofDays(1), "too late");
              }
            }
          };
      plant.shop =
          (context, what) -> {
            queues(context)
                .send(
                    "orders", List.of(Outgoing.text("a"), Outgoing.text("b"), Outgoing.text("c")));
            return "";
          };
      plant.run(t -> {
        plant.shop("a", "");
        t.advance(Duration.ofMinutes(1));
        assertThat(taken).containsExactly("a@1", "b@1", "c@1", "b@2");
      });
    }

    @Test
    void what_an_earlier_turn_acknowledged_stays_so_when_the_handler_throws() {
      Plant plant = plant(g -> g.unordered()).troubled();
      plant.account =
          (context, batch) -> {
            batch.messages().forEach(ConsumingContract.this::note);
            if (batch.messages().size() == 2) {
              batch.messages().getFirst().ack();
              context.await(() -> "");
              batch.messages().getLast().ack();
              throw new IllegalStateException("on purpose");
            }
          };
      plant.shop =
          (context, what) -> {
            queues(context).send("orders", List.of(Outgoing.text("a"), Outgoing.text("b")));
            return "";
          };
      plant.run(t -> {
        plant.shop("a", "");
        t.advance(Duration.ofMinutes(1));
        assertThat(taken).containsExactly("a@1", "b@1", "b@2");
      });
    }

    @Test
    void a_message_that_a_handler_still_has_does_not_enter_it_again() {
      Plant plant = plant(g -> g.lease(Duration.ofSeconds(5)).retries(10));
      plant.account =
          (context, batch) -> {
            batch.messages().forEach(ConsumingContract.this::note);
            context.sleep(Duration.ofSeconds(12));
          };
      plant.run(t -> {
        plant.shop("a", "one");
        t.advance(Duration.ofMinutes(1));
        assertThat(taken).containsExactly("one@1");
        assertThat(report(plant).acked()).isEqualTo(1);
        assertThat(report(plant).redelivery()).isPositive();
      });
    }

    @Test
    void with_the_same_ordering_key_one_waits_for_the_other_and_others_do_not() {
      Plant plant = plant(g -> g.backoff(Duration.ofSeconds(10), 1, Duration.ofSeconds(10)));
      plant.account =
          (context, batch) -> {
            for (QueueConsumer.Delivery each : batch.messages()) {
              note(each);
              if (each.text().equals("a1") && each.attempt() == 1) {
                each.retry();
              }
            }
          };
      plant.run(t -> {
        plant.shop("a", "a1");
        plant.shop("a", "a2");
        plant.shop("b", "b1");
        t.settle();
        assertThat(taken).containsExactlyInAnyOrder("a1@1", "b1@1");
        t.advance(Duration.ofSeconds(20));
        assertThat(taken).hasSize(4).endsWith("a1@2", "a2@1");
      });
    }

    @Test
    void each_group_gets_every_message() {
      Plant plant =
          plant(
              Queue.named("orders")
                  .group("one", g -> g.deliverTo(Plant.ACCOUNTS, message -> "one"))
                  .group("two", g -> g.deliverTo(Plant.ACCOUNTS, message -> "two"))
                  .build());
      plant.account =
          (context, batch) ->
              batch
                  .messages()
                  .forEach(each -> taken.add(batch.group() + ":" + context.id().name().orElse("")));
      plant.run(t -> {
        plant.shop("a", "x");
        t.settle();
        assertThat(taken).containsExactlyInAnyOrder("one:one", "two:two");
      });
    }

    @Test
    void a_message_for_nobody_is_tried_again_and_then_a_dead_letter() {
      Plant plant =
          plant(
              Queue.named("orders")
                  .group(
                      "billing",
                      g ->
                          g.retries(1)
                              .deliverTo(
                                  Plant.ACCOUNTS,
                                  message -> {
                                    throw new IllegalStateException("whose is it");
                                  }))
                  .build());
      plant.run(t -> {
        plant.shop("a", "x");
        t.advance(Duration.ofMinutes(1));
        assertThat(dead(plant)).containsExactly("x");
        assertThat(plant.node().desk().dead("orders", "billing", 0, 10).getFirst().error())
            .contains("whose is it");
      });
    }

    @Test
    void a_message_whose_room_has_no_name_says_so() {
      Plant plant =
          plant(
              Queue.named("orders")
                  .group(
                      "billing", g -> g.retries(0).deliverTo(Plant.ACCOUNTS, message -> nobody()))
                  .build());
      plant.run(t -> {
        plant.shop("a", "x");
        t.advance(Duration.ofMinutes(1));
        assertThat(plant.node().desk().dead("orders", "billing", 0, 10).getFirst().error())
            .isEqualTo(
                "no room of '%s' was found for it: the group's function names none"
                    .formatted(Plant.ACCOUNTS));
      });
    }

    @Test
    void rooms_that_take_no_messages_make_dead_letters() {
      Plant plant =
          plant(
              Queue.named("orders")
                  .group("g", g -> g.retries(0).deliverTo(Plant.SHOPS, message -> "b"))
                  .build());
      plant.run(t -> {
        plant.shop("a", "x");
        t.advance(Duration.ofMinutes(1));
        assertThat(dead(plant)).containsExactly("x");
      });
    }

    @Test
    void H1_the_group_sleeps_while_there_is_nothing_to_do_and_an_append_wakes_it() {
      Plant plant = plant(g -> g);
      plant.run(t -> {
        plant.shop("a", "one");
        t.advance(Duration.ofSeconds(20));
        assertThat(t.node().awake()).isZero();
        plant.shop("a", "two");
        t.settle();
        assertThat(taken).containsExactly("one@1", "two@1");
      });
    }
  }

  @Nested
  class Room_exceptions {
    @Test
    void a_group_that_is_not_declared_any_more_keeps_its_rows_and_says_so() {
      Plant plant = plant(g -> g);
      plant.run(t -> {
        GroupCalls gone = t.rooms().stub(GroupCalls.class, QueueNode.NAMESPACE, "orders/yesterday");
        assertThatThrownBy(gone::status).isInstanceOf(RoomException.class);
        assertThat(rows(t)).isZero();
      });
    }

    private long rows(RoomTester t) {
      return t.disk().keys(t.id(QueueNode.NAMESPACE, "orders/yesterday")).size();
    }
  }
}
