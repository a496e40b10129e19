package dev.dormouse.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.RoomObserver.WokenBy;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.engine.Way;
import dev.dormouse.saga.facility.SagaCounts;
import dev.dormouse.saga.facility.SagaCounts.Standing;
import dev.dormouse.saga.facility.SagaObserver;
import dev.dormouse.saga.queue.node.QueueFigures;
import dev.dormouse.server.access.Gate;
import dev.dormouse.server.http.Problem;
import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Limits;
import dev.dormouse.server.limits.Metering;
import dev.dormouse.server.limits.Networks;
import dev.dormouse.server.limits.Patience;
import dev.dormouse.server.limits.Ticks;
import dev.dormouse.server.limits.Turnstile;
import dev.dormouse.testkit.MemoryConnectionRecords;
import dev.dormouse.testkit.MemoryDisk;
import dev.dormouse.testkit.MemoryRoomStore;
import dev.dormouse.testkit.SeededExecution;
import dev.dormouse.testkit.SerialCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What is told to the metrics shows up in a scrape, and nothing else does.
class ServerMetricsTest {
  private static final Queue ORDERS =
      Queue.named("orders").group("billing", group -> group).build();

  private final ServerMetrics metrics =
      new ServerMetrics(List.of("chat", "nap"), List.of("trip"), List.of(ORDERS), "1.2.3");
  private final RoomId room = RoomId.of("chat", new byte[RoomId.BYTES], "lobby");
  private final SeededExecution execution = new SeededExecution(1);
  private SocketTable sockets;
  private List<SagaCounts.Standing> open = List.of();
  private QueueFigures figures = new QueueFigures(List.of(), List.of());

  @BeforeEach
  void watch() {
    MemoryRoomStore store = new MemoryRoomStore(execution, new MemoryDisk());
    sockets = new SocketTable(List.of(), execution, Problem::refusal);
    RoomNode node =
        RoomNode.builder()
            .namespaces(List.of(Namespace.named("chat", _ -> new Room() {}).build()))
            .store(store)
            .records(new MemoryConnectionRecords(execution))
            .sockets(sockets)
            .execution(execution)
            .observer(metrics.rooms())
            .codec(new SerialCodec())
            .idKey(new byte[32])
            .build();
    metrics.watch(sockets, node, store, new Turnstile(Limits.none(), execution), Gate.open());
    metrics.watchFiles(() -> 7, () -> 2);
    metrics.watchCertificate(Optional.empty());
    metrics.watch(
        () -> CompletableFuture.completedFuture(open),
        () -> CompletableFuture.completedFuture(figures),
        execution);
    Ticks ticks = new Ticks(execution);
    metrics.watch(
        new Metering(ticks, Metering.Rates.NONE, Networks.NONE),
        Burden.none(),
        new Patience(Burden.none(), ticks, execution));
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  /// The value of one series.
  private double value(String series) {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no series " + series + " in\n" + metrics.scrape()));
  }

  private static Set<String> series(String scrape) {
    return scrape
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .collect(Collectors.toSet());
  }

  @Test
  void the_page_has_every_metric_as_it_is() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "operations.md"));

    assertThat(page).contains(MetricsTable.of(metrics.scrape()));
  }

  @Test
  void S4_files_of_rooms_with_SQL_their_rows_and_their_syncs_are_counted() {
    metrics.sql().opened(150_000);
    metrics.sql().rows(3, 0);
    metrics.sql().rows(1, 5);
    metrics.sql().synced(4, 2_000_000);

    assertThat(value("dormouse_sql_files_open")).isEqualTo(7);
    assertThat(value("dormouse_sql_files_wanted")).isEqualTo(2);
    assertThat(value("dormouse_sql_open_seconds_count")).isEqualTo(1);
    assertThat(value("dormouse_sql_rows_read_total")).isEqualTo(4);
    assertThat(value("dormouse_sql_rows_written_total")).isEqualTo(5);
    assertThat(value("dormouse_sql_sync_seconds_sum")).isEqualTo(0.002);
    assertThat(value("dormouse_sql_sync_sets_sum")).isEqualTo(4);
  }

  @Nested
  class A_start_of_a_room {
    @Test
    void H2_is_a_wake_by_what_came_with_the_time_it_took() {
      metrics.rooms().roomStarted(room, StartCause.WOKEN, WokenBy.MESSAGE, 150_000);
      metrics.rooms().roomStarted(room, StartCause.WOKEN, WokenBy.MESSAGE, 30_000_000);
      metrics.rooms().roomStarted(room, StartCause.CREATED, WokenBy.ALARM, 6_000_000_000L);

      assertThat(value("dormouse_wake_seconds_count{by=\"message\"}")).isEqualTo(2);
      assertThat(value("dormouse_wake_seconds_sum{by=\"message\"}")).isEqualTo(0.03015);
      assertThat(value("dormouse_wake_seconds_bucket{by=\"message\",le=\"1.0E-4\"}")).isZero();
      assertThat(value("dormouse_wake_seconds_bucket{by=\"message\",le=\"2.0E-4\"}")).isEqualTo(1);
      assertThat(value("dormouse_wake_seconds_bucket{by=\"message\",le=\"0.05\"}")).isEqualTo(2);
      assertThat(value("dormouse_wake_seconds_bucket{by=\"alarm\",le=\"5.0\"}")).isZero();
      assertThat(value("dormouse_wake_seconds_bucket{by=\"alarm\",le=\"+Inf\"}")).isEqualTo(1);
      assertThat(value("dormouse_rooms_started_total{cause=\"woken\",namespace=\"chat\"}"))
          .isEqualTo(2);
      assertThat(value("dormouse_rooms_started_total{cause=\"woken\",namespace=\"nap\"}")).isZero();
    }

    @Test
    void after_a_reset_is_no_wake() {
      metrics.rooms().roomStarted(room, StartCause.RESET, WokenBy.MESSAGE, 1_000_000);

      assertThat(value("dormouse_wake_seconds_count{by=\"message\"}")).isZero();
      assertThat(value("dormouse_rooms_started_total{cause=\"reset\",namespace=\"chat\"}"))
          .isEqualTo(1);
    }
  }

  @Nested
  class What_rooms_do {
    @Test
    void is_counted_and_measured() {
      metrics.rooms().roomFellAsleep(room);
      metrics.rooms().turnEnded(room, 75_000);
      metrics.rooms().committed(room, 1_500_000);
      metrics.rooms().eventDone(room);
      metrics.rooms().alarmFires(room, "tick", 2_000);
      metrics.rooms().alarmFires(room, "tick", -5);
      metrics.rooms().alarmParked(room, "tick");
      metrics.rooms().roomFull(room);

      assertThat(value("dormouse_rooms_slept_total{namespace=\"chat\"}")).isEqualTo(1);
      assertThat(value("dormouse_rooms_full_total{namespace=\"chat\"}")).isEqualTo(1);
      assertThat(value("dormouse_rooms_full_total{namespace=\"nap\"}")).isZero();
      assertThat(value("dormouse_turn_seconds_bucket{le=\"1.0E-4\"}")).isEqualTo(1);
      assertThat(value("dormouse_gate_wait_seconds_bucket{le=\"0.001\"}")).isZero();
      assertThat(value("dormouse_gate_wait_seconds_bucket{le=\"0.002\"}")).isEqualTo(1);
      assertThat(value("dormouse_events_total")).isEqualTo(1);
      assertThat(value("dormouse_alarm_lateness_seconds_count")).isEqualTo(2);
      assertThat(value("dormouse_alarm_lateness_seconds_sum")).isEqualTo(2);
      assertThat(value("dormouse_alarms_parked_total")).isEqualTo(1);
    }

    @Test
    void wrong_is_counted_by_kind() {
      metrics.rooms().handlerFailed(room, new IllegalStateException("as told"));
      metrics
          .rooms()
          .commitFailed(room, new CommitFailure(Reason.FULL, Outcome.NOT_APPLIED, "full", null));
      metrics.rooms().overLimit(room, "a turn");
      metrics.rooms().runtimeFailed("a test", new IllegalStateException("as told"));

      assertThat(value("dormouse_handlers_failed_total")).isEqualTo(1);
      assertThat(value("dormouse_write_sets_failed_total{reason=\"full\"}")).isEqualTo(1);
      assertThat(value("dormouse_write_sets_failed_total{reason=\"io\"}")).isZero();
      assertThat(value("dormouse_rooms_over_limit_total")).isEqualTo(1);
      assertThat(value("dormouse_faults_total")).isEqualTo(1);
    }
  }

  @Nested
  class What_the_store_does {
    @Test
    void is_counted_a_batch_at_a_time() {
      metrics.store().committed(3, 500, 400_000, 1_200_000);
      metrics.store().committed(100, 5_000, 400_000, 30_000_000);
      metrics.store().failed(Outcome.UNKNOWN);
      metrics.store().scratched(7, 60_000);
      metrics.store().scratchFailed();

      assertThat(value("dormouse_store_batch_sets_sum")).isEqualTo(103);
      assertThat(value("dormouse_store_batch_sets_bucket{le=\"4.0\"}")).isEqualTo(1);
      assertThat(value("dormouse_store_written_bytes_total")).isEqualTo(5_500);
      assertThat(value("dormouse_store_write_seconds_bucket{le=\"5.0E-4\"}")).isEqualTo(2);
      assertThat(value("dormouse_store_sync_seconds_bucket{le=\"0.002\"}")).isEqualTo(1);
      assertThat(value("dormouse_store_batches_failed_total{outcome=\"unknown\"}")).isEqualTo(1);
      assertThat(value("dormouse_store_writable")).isEqualTo(1);
      assertThat(value("dormouse_scratch_calls_total")).isEqualTo(7);
      assertThat(value("dormouse_scratch_write_seconds_count")).isEqualTo(1);
      assertThat(value("dormouse_scratch_failed_total")).isEqualTo(1);
    }
  }

  @Nested
  class What_becomes_of_sagas {
    @Test
    void is_counted_by_definition() {
      SagaObserver sagas = metrics.sagas();
      sagas.started("trip");
      sagas.started("trip");
      sagas.attempted("trip", Way.DO, false);
      sagas.attempted("trip", Way.UNDO, true);
      sagas.timedOut("trip", Way.DO);
      sagas.undoFailed("trip");
      sagas.parked("trip", SagaStatus.PARKED_BACKWARD);
      sagas.ended("trip", SagaStatus.COMPENSATED);

      assertThat(value("dormouse_sagas_started_total{definition=\"trip\"}")).isEqualTo(2);
      assertThat(value("dormouse_sagas_ended_total{definition=\"trip\",outcome=\"compensated\"}"))
          .isEqualTo(1);
      assertThat(value("dormouse_sagas_ended_total{definition=\"trip\",outcome=\"completed\"}"))
          .isZero();
      assertThat(
              value("dormouse_sagas_parked_total{definition=\"trip\",status=\"parked_backward\"}"))
          .isEqualTo(1);
      assertThat(value("dormouse_saga_attempts_total{definition=\"trip\",way=\"do\"}"))
          .isEqualTo(1);
      assertThat(value("dormouse_saga_attempts_total{definition=\"trip\",way=\"undo\"}"))
          .isEqualTo(1);
      assertThat(value("dormouse_saga_retries_total{definition=\"trip\",way=\"do\"}")).isZero();
      assertThat(value("dormouse_saga_retries_total{definition=\"trip\",way=\"undo\"}"))
          .isEqualTo(1);
      assertThat(value("dormouse_saga_timeouts_total{definition=\"trip\",way=\"do\"}"))
          .isEqualTo(1);
      assertThat(value("dormouse_saga_undo_failures_total{definition=\"trip\"}")).isEqualTo(1);
    }

    @Test
    void and_where_they_stand_is_told_over_all_versions() {
      Instant now = execution.instant();
      open =
          List.of(
              new Standing("trip", 1, SagaStatus.RUNNING, 5, now.minusSeconds(90)),
              new Standing("trip", 2, SagaStatus.RUNNING, 2, now.minusSeconds(10)),
              new Standing("trip", 2, SagaStatus.PARKED_FORWARD, 1, now.minusSeconds(600)));

      assertThat(value("dormouse_sagas_open{definition=\"trip\",status=\"running\"}")).isEqualTo(7);
      assertThat(value("dormouse_sagas_open{definition=\"trip\",status=\"parked_forward\"}"))
          .isEqualTo(1);
      assertThat(value("dormouse_sagas_oldest_seconds{definition=\"trip\"}")).isEqualTo(600);
      open = List.of();
      assertThat(value("dormouse_sagas_open{definition=\"trip\",status=\"running\"}")).isZero();
      assertThat(value("dormouse_sagas_oldest_seconds{definition=\"trip\"}")).isZero();
    }

    @Test
    void and_their_letters_are_counted_over_all_rooms() {
      RoomId other = RoomId.of("chat", new byte[RoomId.BYTES], "other");
      byte[] id = new byte[RoomId.BYTES];
      id[0] = 1;
      metrics.sagas().letterSent();
      metrics.sagas().lettersWaiting(room, 3);
      metrics.sagas().lettersWaiting(RoomId.of("chat", id, "third"), 4);
      metrics.sagas().lettersWaiting(other, 2);
      metrics.sagas().lettersResent(5);

      assertThat(value("dormouse_saga_letters_sent_total")).isEqualTo(1);
      assertThat(value("dormouse_saga_letters_resent_total")).isEqualTo(5);
      assertThat(value("dormouse_saga_letters_waiting")).as("a room's last word").isEqualTo(6);
      metrics.sagas().lettersWaiting(room, 0);
      assertThat(value("dormouse_saga_letters_waiting")).isEqualTo(4);
    }
  }

  @Nested
  class What_goes_through_queues {
    private static final String BILLING = "{group=\"billing\",queue=\"orders\"}";

    @Test
    void is_counted_by_queue_and_group() {
      metrics.queues().published("orders", 3);
      metrics.queues().published("orders.dead", 1);
      metrics.queues().delivered("orders", "billing", 4, 1);
      metrics.queues().acknowledged("orders", "billing", 2);
      metrics.queues().deadLettered("orders", "billing", 1);
      metrics.queues().synced("orders", 700, 1_500_000);

      assertThat(value("dormouse_queue_published_total{queue=\"orders\"}")).isEqualTo(3);
      assertThat(value("dormouse_queue_published_total{queue=\"orders.dead\"}")).isEqualTo(1);
      assertThat(value("dormouse_queue_delivered_total" + BILLING)).isEqualTo(4);
      assertThat(value("dormouse_queue_retried_total" + BILLING)).isEqualTo(1);
      assertThat(value("dormouse_queue_acknowledged_total" + BILLING)).isEqualTo(2);
      assertThat(value("dormouse_queue_dead_lettered_total" + BILLING)).isEqualTo(1);
      assertThat(value("dormouse_queue_log_written_bytes_total{queue=\"orders\"}")).isEqualTo(700);
      assertThat(value("dormouse_queue_sync_seconds_bucket{le=\"0.002\"}")).isEqualTo(1);
    }

    @Test
    void and_what_waits_is_told() {
      figures =
          new QueueFigures(
              List.of(new QueueFigures.Log("orders", 4_096)),
              List.of(new QueueFigures.Depth("orders", "billing", 12, 3, 2, 1_500)));

      assertThat(value("dormouse_queue_backlog" + BILLING)).isEqualTo(12);
      assertThat(value("dormouse_queue_leased" + BILLING)).isEqualTo(3);
      assertThat(value("dormouse_queue_dead" + BILLING)).isEqualTo(2);
      assertThat(value("dormouse_queue_oldest_seconds" + BILLING)).isEqualTo(1.5);
      assertThat(value("dormouse_queue_log_bytes{queue=\"orders\"}")).isEqualTo(4_096);
    }
  }

  @Nested
  class The_set_of_series {
    @Test
    void is_there_from_the_start_and_does_not_grow_with_rooms_or_alarms() {
      Set<String> before = series(metrics.scrape());
      for (int i = 0; i < 100; i++) {
        byte[] id = new byte[RoomId.BYTES];
        id[4] = (byte) i;
        RoomId other = RoomId.of(i % 2 == 0 ? "chat" : "nap", id, "room " + i);
        for (WokenBy by : WokenBy.values()) {
          metrics.rooms().roomStarted(other, StartCause.WOKEN, by, i * 1_000_000L);
        }
        metrics.rooms().roomFellAsleep(other);
        metrics.rooms().alarmFires(other, "alarm " + i, i);
        metrics.rooms().handlerFailed(other, new IllegalStateException("room " + i));
        metrics.sagas().started("unheard of " + i);
        metrics.sagas().lettersWaiting(other, i);
        metrics.queues().published("unheard of " + i, 1);
        metrics.queues().delivered("orders", "unheard of " + i, 1, 0);
      }
      // Collections of garbage show up when there was one.
      assertThat(series(metrics.scrape()))
          .filteredOn(it -> !it.startsWith("jvm_gc_"))
          .isSubsetOf(before);
    }
  }
}
