package dev.dormouse.saga.queue.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.Refusal;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.QueueMessage;
import dev.dormouse.saga.queue.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What programs outside may do, and may not.
class QueueClientTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private final MemoryLogs logs = new MemoryLogs();

  private Plant plant() {
    Plant plant =
        new Plant(
            1,
            () -> logs,
            Queue.named("jobs")
                .messageBytes(100)
                .group("workers", g -> g.retries(1))
                .group("rooms", g -> g.deliverTo(Plant.ACCOUNTS, message -> "main"))
                .http()
                .build(),
            Queue.named("inner").group("workers").build());
    logs.clock(plant.tester.execution());
    return plant;
  }

  private static QueueMessage message(String text) {
    return QueueMessage.of("key-" + text, ContentType.TEXT, text.getBytes(UTF_8));
  }

  private static List<String> texts(List<QueueClient.Pulled> pulled) {
    return pulled.stream()
        .map(each -> new String(each.entry().message().payload(), UTF_8))
        .toList();
  }

  private static List<QueueClient.Pulled> pull(QueueClient client) {
    return client.pull("jobs", "workers", 10, LEASE, Duration.ZERO);
  }

  private static List<String> leases(List<QueueClient.Pulled> pulled) {
    return pulled.stream().map(QueueClient.Pulled::lease).toList();
  }

  @Test
  void what_is_published_is_pulled_and_acknowledged() {
    Plant plant = plant();
    plant.run(t -> {
      QueueClient client = plant.node().client();
      assertThat(client.publish("jobs", List.of(message("a"), message("b")))).isZero();
      List<QueueClient.Pulled> pulled = pull(client);
      assertThat(texts(pulled)).containsExactly("a", "b");
      assertThat(pull(client)).isEmpty();
      assertThat(client.ack("jobs", "workers", leases(pulled)))
          .containsExactly(Settled.ACKED, Settled.ACKED);
      assertThat(client.ack("jobs", "workers", leases(pulled)))
          .containsExactly(Settled.ALREADY, Settled.ALREADY);
      t.advance(Duration.ofMinutes(2));
      assertThat(pull(client)).isEmpty();
    });
  }

  @Test
  void C8_what_is_not_answered_comes_again_and_then_is_a_dead_letter() {
    Plant plant = plant();
    plant.run(t -> {
      QueueClient client = plant.node().client();
      client.publish("jobs", List.of(message("a")));
      assertThat(pull(client).getFirst().attempt()).isEqualTo(1);
      t.advance(Duration.ofSeconds(31));
      assertThat(pull(client).getFirst().attempt()).isEqualTo(2);
      t.advance(Duration.ofSeconds(31));
      assertThat(pull(client)).isEmpty();
      assertThat(plant.node().desk().log("jobs.dead", 0, 10)).hasSize(1);
    });
  }

  @Test
  void an_extended_lease_holds_for_longer() {
    Plant plant = plant();
    plant.run(t -> {
      QueueClient client = plant.node().client();
      client.publish("jobs", List.of(message("a")));
      List<QueueClient.Pulled> pulled = pull(client);
      t.advance(Duration.ofSeconds(25));
      assertThat(client.extend("jobs", "workers", leases(pulled), LEASE))
          .containsExactly(Settled.EXTENDED);
      t.advance(Duration.ofSeconds(25));
      assertThat(pull(client)).isEmpty();
      assertThat(client.ack("jobs", "workers", leases(pulled))).containsExactly(Settled.ACKED);
      assertThat(client.extend("jobs", "workers", leases(pulled), LEASE))
          .containsExactly(Settled.ALREADY);
    });
  }

  @Test
  void without_a_word_a_lease_lasts_as_long_as_the_group_says() {
    Plant plant =
        new Plant(
            1,
            () -> logs,
            Queue.named("jobs").group("slow", g -> g.lease(Duration.ofMinutes(2))).http().build());
    logs.clock(plant.tester.execution());
    plant.run(t -> {
      QueueClient client = plant.node().client();
      client.publish("jobs", List.of(message("a")));
      List<QueueClient.Pulled> pulled = client.pull("jobs", "slow", 1, null, Duration.ZERO);
      t.advance(Duration.ofSeconds(119));
      assertThat(client.extend("jobs", "slow", leases(pulled), null))
          .containsExactly(Settled.EXTENDED);
      t.advance(Duration.ofSeconds(119));
      assertThat(client.pull("jobs", "slow", 1, null, Duration.ZERO)).isEmpty();
      t.advance(Duration.ofSeconds(2));
      assertThat(client.pull("jobs", "slow", 1, null, Duration.ZERO)).hasSize(1);
    });
  }

  @Test
  void what_is_to_be_retried_comes_after_its_delay() {
    Plant plant = plant();
    plant.run(t -> {
      QueueClient client = plant.node().client();
      client.publish("jobs", List.of(message("a")));
      List<QueueClient.Pulled> pulled = pull(client);
      assertThat(client.retry("jobs", "workers", leases(pulled), Duration.ofSeconds(20), "no"))
          .containsExactly(Settled.RETRYING);
      assertThat(client.ack("jobs", "workers", leases(pulled)))
          .containsExactly(Settled.STALE_LEASE);
      t.advance(Duration.ofSeconds(15));
      assertThat(pull(client)).isEmpty();
      t.advance(Duration.ofSeconds(10));
      assertThat(texts(pull(client))).containsExactly("a");
    });
  }

  @Test
  void a_pull_waits_for_what_is_published_or_falls_due() {
    Plant plant = plant();
    plant.run(t -> {
      QueueClient client = plant.node().client();
      List<String> got = new ArrayList<>();
      Runnable worker =
          () ->
              got.addAll(texts(client.pull("jobs", "workers", 10, LEASE, Duration.ofSeconds(20))));
      t.execution().start("worker", worker);
      t.advance(Duration.ofSeconds(5));
      assertThat(got).isEmpty();
      client.publish("jobs", List.of(message("a")));
      t.settle();
      assertThat(got).containsExactly("a");

      client.publish(
          "jobs", List.of(message("b").delayedTo(t.execution().instant().toEpochMilli() + 8_000)));
      t.execution().start("worker", worker);
      t.advance(Duration.ofSeconds(9));
      assertThat(got).containsExactly("a", "b");

      t.execution().start("worker", worker);
      t.advance(Duration.ofSeconds(21));
      assertThat(got).as("waited in vain").hasSize(2);
    });
  }

  @Test
  void what_is_not_for_the_outside_is_not_there() {
    Plant plant = plant();
    plant.run(t -> {
      QueueClient client = plant.node().client();
      for (String queue : List.of("inner", "nothing", "jobs.dead")) {
        assertThatThrownBy(() -> client.publish(queue, List.of(message("a"))))
            .as(queue)
            .isInstanceOf(Refusal.NotFound.class);
        assertThatThrownBy(() -> client.pull(queue, "workers", 1, LEASE, Duration.ZERO))
            .as(queue)
            .isInstanceOf(Refusal.NotFound.class);
      }
      assertThatThrownBy(() -> client.pull("jobs", "nobody", 1, LEASE, Duration.ZERO))
          .isInstanceOf(Refusal.NotFound.class);
      assertThatThrownBy(() -> client.pull("jobs", "rooms", 1, LEASE, Duration.ZERO))
          .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.status()).isEqualTo(409));
    });
  }

  @Test
  void what_cannot_be_is_refused_clearly() {
    Plant plant = plant();
    plant.run(t -> {
      QueueClient client = plant.node().client();
      assertThatThrownBy(() -> client.publish("jobs", List.of(message("x".repeat(101)))))
          .isInstanceOf(Refusal.TooLarge.class);
      List<QueueMessage> many = java.util.Collections.nCopies(101, message("a"));
      assertThatThrownBy(() -> client.publish("jobs", many)).isInstanceOf(Refusal.TooLarge.class);
      assertThatThrownBy(() -> client.publish("jobs", List.of()))
          .isInstanceOf(Refusal.Refused.class);
      assertThatThrownBy(
              () -> client.pull("jobs", "workers", 1, Duration.ofHours(13), Duration.ZERO))
          .isInstanceOf(Refusal.Refused.class);
      assertThatThrownBy(() -> client.pull("jobs", "workers", 1, LEASE, Duration.ofSeconds(31)))
          .isInstanceOf(Refusal.Refused.class);
      assertThatThrownBy(() -> client.ack("jobs", "workers", List.of("hello")))
          .isInstanceOf(Refusal.Refused.class);
    });
  }
}
