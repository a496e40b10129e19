package dev.dormouse.saga.queue.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.saga.Queue;
import dev.dormouse.saga.QueueBuilder;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.QueueMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is deleted, and what never is. Logs in memory have files of one batch each.
class RetentionTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private final MemoryLogs logs = new MemoryLogs();

  private Plant plant(QueueBuilder queue) {
    Plant plant = new Plant(1, () -> logs, queue.http().build());
    logs.clock(plant.tester.execution());
    return plant;
  }

  private static void publish(Plant plant, String... texts) {
    for (String text : texts) {
      plant
          .node()
          .client()
          .publish("jobs", List.of(QueueMessage.of(text, ContentType.TEXT, text.getBytes(UTF_8))));
    }
  }

  private static void ackAll(Plant plant, String group) {
    QueueClient client = plant.node().client();
    List<QueueClient.Pulled> pulled = client.pull("jobs", group, 100, LEASE, Duration.ZERO);
    client.ack("jobs", group, pulled.stream().map(QueueClient.Pulled::lease).toList());
  }

  private static List<String> dead(Plant plant) {
    return plant.node().desk().log("jobs.dead", 0, 100).stream()
        .map(QueueDesk.Logged::key)
        .toList();
  }

  private static long first(Plant plant) {
    return plant.node().desk().queue("jobs").first();
  }

  @Test
  void nothing_is_deleted_while_somebody_copies_the_log() {
    Plant plant = plant(Queue.named("jobs").group("one"));
    plant.run(t -> {
      publish(plant, "a", "b", "c");
      Runnable free = plant.node().keep();
      ackAll(plant, "one");
      t.advance(Duration.ofMinutes(3));
      assertThat(first(plant)).isZero();
      free.run();
      t.advance(Duration.ofMinutes(3));
      assertThat(first(plant)).isEqualTo(2);
    });
  }

  @Test
  void what_every_group_has_settled_is_deleted_and_nothing_else() {
    Plant plant = plant(Queue.named("jobs").group("one").group("two"));
    plant.run(t -> {
      publish(plant, "a", "b", "c");
      ackAll(plant, "one");
      t.advance(Duration.ofMinutes(3));
      assertThat(first(plant)).as("the other group has not").isZero();
      QueueClient.Pulled a =
          plant
              .node()
              .client()
              .pull("jobs", "two", 1, Duration.ofHours(1), Duration.ZERO)
              .getFirst();
      ackAll(plant, "two");
      t.advance(Duration.ofMinutes(3));
      assertThat(first(plant)).as("somebody has the first").isZero();
      plant.node().client().ack("jobs", "two", List.of(a.lease()));
      t.advance(Duration.ofMinutes(3));
      assertThat(first(plant)).as("the newest file stays").isEqualTo(2);
    });
  }

  @Test
  void what_is_settled_is_kept_for_as_long_as_was_asked() {
    Plant plant = plant(Queue.named("jobs").keep(Duration.ofHours(1)).group("one"));
    plant.run(t -> {
      publish(plant, "a", "b");
      ackAll(plant, "one");
      t.advance(Duration.ofMinutes(50));
      assertThat(first(plant)).isZero();
      t.advance(Duration.ofMinutes(20));
      assertThat(first(plant)).isEqualTo(1);
    });
  }

  @Test
  void what_nobody_consumes_in_time_becomes_a_dead_letter_before_it_is_deleted() {
    Plant plant = plant(Queue.named("jobs").group("one", g -> g.maxAge(Duration.ofDays(1))));
    plant.run(t -> {
      publish(plant, "a", "b");
      t.advance(Duration.ofHours(23));
      assertThat(first(plant)).isZero();
      assertThat(dead(plant)).isEmpty();
      t.advance(Duration.ofHours(2));
      assertThat(dead(plant)).containsExactly("a", "b");
      assertThat(
              plant.node().desk().log("jobs.dead", 0, 1).getFirst().origin().orElseThrow().error())
          .contains("retention");
      assertThat(first(plant)).isEqualTo(1);
    });
  }

  @Test
  void a_paused_group_loses_nothing_silently_either() {
    Plant plant =
        plant(Queue.named("jobs").group("one", g -> g.maxAge(Duration.ofDays(1)).window(2)));
    plant.run(t -> {
      plant.node().desk().pause("jobs", "one");
      publish(plant, "a", "b", "c", "d");
      t.advance(Duration.ofDays(2));
      assertThat(dead(plant)).containsExactly("a", "b", "c", "d");
    });
  }

  @Test
  void a_queue_that_grows_beyond_its_limit_makes_dead_letters_of_the_oldest() {
    Plant plant = plant(Queue.named("jobs").keepBytes(10).group("one", g -> g.window(2)));
    plant.run(t -> {
      publish(plant, "aaaa", "bbbb", "cccc", "dddd");
      t.advance(Duration.ofMinutes(5));
      assertThat(dead(plant)).containsExactly("aaaa", "bbbb");
      assertThat(first(plant)).isEqualTo(2);
      List<QueueClient.Pulled> left =
          plant.node().client().pull("jobs", "one", 10, LEASE, Duration.ZERO);
      assertThat(left).extracting(each -> each.entry().position()).containsExactly(2L, 3L);
    });
  }

  @Test
  void dead_letters_are_never_deleted_unless_their_queue_is_declared_so() {
    Plant plant = plant(Queue.named("jobs").group("one", g -> g.maxAge(Duration.ofMinutes(10))));
    plant.run(t -> {
      publish(plant, "a", "b", "c");
      t.advance(Duration.ofDays(400));
      assertThat(dead(plant)).containsExactly("a", "b", "c");
    });
  }

  @Test
  void C15_a_letter_that_was_not_sent_keeps_its_message_in_the_log() {
    Plant plant = plant(Queue.named("jobs").group("one", g -> g.retries(0))).troubled();
    boolean[] broken = {true};
    plant
        .tester
        .execution()
        .at(
            QueueFailpoints.DEAD,
            pass -> {
              if (broken[0]) {
                throw new IllegalStateException("on purpose");
              }
            });
    plant.run(t -> {
      publish(plant, "a", "b");
      QueueClient client = plant.node().client();
      List<QueueClient.Pulled> pulled = client.pull("jobs", "one", 10, LEASE, Duration.ZERO);
      client.retry(
          "jobs", "one", pulled.stream().map(QueueClient.Pulled::lease).toList(), LEASE, "no");
      t.advance(Duration.ofHours(1));
      assertThat(first(plant)).isZero();
      broken[0] = false;
      t.advance(Duration.ofMinutes(5));
      assertThat(dead(plant)).containsExactly("a", "b");
      assertThat(first(plant)).isEqualTo(1);
    });
  }

  @Test
  void a_group_that_is_declared_later_begins_with_the_oldest_that_is_there_or_with_what_comes() {
    logs.disk("jobs");
    Plant before = plant(Queue.named("jobs").group("one"));
    before.run(t -> publish(before, "a"));
    Plant after =
        plant(Queue.named("jobs").group("one").group("old").group("new", g -> g.fromNow()));
    after.run(t -> {
      t.settle();
      publish(after, "b");
      QueueClient client = after.node().client();
      assertThat(client.pull("jobs", "old", 10, LEASE, Duration.ZERO)).hasSize(2);
      assertThat(client.pull("jobs", "new", 10, LEASE, Duration.ZERO)).hasSize(1);
    });
  }
}
