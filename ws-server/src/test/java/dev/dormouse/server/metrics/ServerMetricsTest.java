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
import dev.dormouse.server.http.Problem;
import dev.dormouse.server.limits.Limits;
import dev.dormouse.server.limits.Turnstile;
import dev.dormouse.testkit.MemoryConnectionRecords;
import dev.dormouse.testkit.MemoryDisk;
import dev.dormouse.testkit.MemoryRoomStore;
import dev.dormouse.testkit.SeededExecution;
import dev.dormouse.testkit.SerialCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What is told to the metrics shows up in a scrape, and nothing else does.
class ServerMetricsTest {
  private final ServerMetrics metrics = new ServerMetrics(List.of("chat", "nap"), "1.2.3");
  private final RoomId room = RoomId.of("chat", new byte[RoomId.BYTES], "lobby");
  private SocketTable sockets;

  @BeforeEach
  void watch() {
    SeededExecution execution = new SeededExecution(1);
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
    metrics.watch(sockets, node, store, new Turnstile(Limits.none(), execution));
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

      assertThat(value("dormouse_rooms_slept_total{namespace=\"chat\"}")).isEqualTo(1);
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
      }
      // Collections of garbage show up when there was one.
      assertThat(series(metrics.scrape()))
          .filteredOn(it -> !it.startsWith("jvm_gc_"))
          .isSubsetOf(before);
    }
  }
}
