package dev.dormouse.server.metrics;

/// Is the server well, and how much does it do?
final class OverviewBoard {
  private OverviewBoard() {}

  static Board board() {
    return new Board(
            "dormouse-overview",
            "Dormouse: overview",
            "Traffic, storage, pressure, faults and the process. What sleeps and wakes has a page of"
                + " its own.")
        .row("Now", now())
        .row("Traffic", traffic())
        .row("Storage", storage())
        .row("Pressure and faults", pressure())
        .row("Process", process());
  }

  private static Panel[] now() {
    return new Panel[] {
      Panel.number(
              "Takes writes",
              "No: a disk is full or failing. Rooms can be read and not changed until a probe has"
                  + " been committed.")
          .yesOrNo()
          .ask("min(dormouse_store_writable{$I})", ""),
      Panel.number("Connections", "Between clients and rooms; those of sleeping rooms included.")
          .ask("sum(dormouse_connections{$I})", ""),
      Panel.number("Rooms awake", "In memory now. The others cost disk space only.")
          .ask("sum(dormouse_rooms_awake{$I})", ""),
      Panel.number(
              "Events a second",
              "What rooms have handled: messages, openings, closes, requests, calls, alarms.")
          .unit("ops")
          .ask("sum(rate(dormouse_events_total{$I}[$__rate_interval]))", ""),
      Panel.number("Slowest hundredth of syncs", "Every durable answer waits for one of these.")
          .unit("s")
          .warnFrom(0.05)
          .badFrom(0.25)
          .ask(
              "histogram_quantile(0.99, sum by (le)"
                  + " (rate(dormouse_store_sync_seconds_bucket{$I}[$__rate_interval])))",
              ""),
      Panel.number("Uptime", "Since the process started; of the youngest, if there are several.")
          .unit("s")
          .ask("min(process_uptime_seconds{job=\"dormouse\", $I})", "")
    };
  }

  private static Panel[] traffic() {
    return new Panel[] {
      Panel.lines(
              "Events and messages",
              "Sent counts each receiver of a broadcast. Dropped are messages to connections that"
                  + " were gone.")
          .unit("ops")
          .ask("sum(rate(dormouse_events_total{$I}[$__rate_interval]))", "events")
          .ask("sum(rate(dormouse_messages_received_total{$I}[$__rate_interval]))", "received")
          .ask("sum(rate(dormouse_messages_sent_total{$I}[$__rate_interval]))", "sent")
          .ask("sum(rate(dormouse_messages_dropped_total{$I}[$__rate_interval]))", "dropped"),
      Panel.lines(
              "Time of turns, and of waiting for the disk",
              "A turn is a room's own work. Its output then waits until what it wrote is synced:"
                  + " gate. Turns that wrote nothing do not wait.")
          .unit("s")
          .quantiles("dormouse_turn_seconds", "turn")
          .quantiles("dormouse_gate_wait_seconds", "gate"),
      Panel.lines(
              "Sockets",
              "Not read: their room is behind, and the client is held back. Closing for long:"
                  + " clients that do not answer a close.")
          .ask("sum by (state) (dormouse_sockets{$I})", "{{state}}")
          .ask("sum(dormouse_sockets_not_read{$I})", "not read"),
      Panel.lines(
              "Clients sent away",
              "Not let in, or cut off before their first request (late), by reason.")
          .unit("ops")
          .ask(
              "sum by (reason) (rate(dormouse_clients_sent_away_total{$I}[$__rate_interval]))",
              "{{reason}}")
    };
  }

  private static Panel[] storage() {
    return new Panel[] {
      Panel.lines(
              "Syncs and transactions",
              "A batch of write sets is written, then synced once. Slow syncs are the disk's; slow"
                  + " writes are large batches or a busy processor.")
          .unit("s")
          .warnFrom(0.25)
          .quantiles("dormouse_store_sync_seconds", "sync")
          .quantiles("dormouse_store_write_seconds", "write"),
      Panel.lines(
              "Write sets a sync",
              "How much shares one sync. Grows with load and with slow disks: this is what keeps"
                  + " the rate up.")
          .ask(
              "sum(rate(dormouse_store_batch_sets_sum{$I}[$__rate_interval])) /"
                  + " sum(rate(dormouse_store_batch_sets_count{$I}[$__rate_interval]))",
              "mean")
          .ask(
              "histogram_quantile(0.99, sum by (le)"
                  + " (rate(dormouse_store_batch_sets_bucket{$I}[$__rate_interval])))",
              "p99"),
      Panel.lines("Durable writes", "Write sets that became durable, and the syncs they took.")
          .unit("ops")
          .ask("sum(rate(dormouse_store_batch_sets_sum{$I}[$__rate_interval]))", "write sets")
          .ask("sum(rate(dormouse_store_batch_sets_count{$I}[$__rate_interval]))", "syncs")
    };
  }

  private static Panel[] pressure() {
    return new Panel[] {
      Panel.lines(
              "Events that wait",
              "At the gates of all rooms, and in the longest queue of one. One long queue: a room"
                  + " that does too much for one. Many: the processor or the disk.")
          .ask("sum(dormouse_events_queued{$I})", "all rooms")
          .ask("max(dormouse_events_queued_longest{$I})", "longest queue"),
      Panel.lines(
              "Bytes that wait",
              "Held: said by rooms, waiting for the disk. Queued: given to sockets whose clients"
                  + " have not read it yet. Porches: kept by doormen.")
          .unit("bytes")
          .ask("sum(dormouse_output_held_bytes{$I})", "held")
          .ask("sum(dormouse_sockets_queued_bytes{$I})", "queued")
          .ask("sum(dormouse_porch_bytes{$I})", "porches"),
      Panel.lines("Faults", "What should not happen; the log says where. Zero on a good day.")
          .unit("ops")
          .ask("sum(rate(dormouse_handlers_failed_total{$I}[$__rate_interval]))", "handlers threw")
          .ask("sum(rate(dormouse_rooms_over_limit_total{$I}[$__rate_interval]))", "over limit")
          .ask(
              "sum(rate(dormouse_write_sets_failed_total{$I}[$__rate_interval]))",
              "write sets failed")
          .ask(
              "sum(rate(dormouse_store_batches_failed_total{$I}[$__rate_interval]))",
              "batches failed")
          .ask("sum(rate(dormouse_connections_slow_total{$I}[$__rate_interval]))", "slow readers")
          .ask("sum(rate(dormouse_alarms_parked_total{$I}[$__rate_interval]))", "alarms parked")
          .ask("sum(rate(dormouse_faults_total{$I}[$__rate_interval]))", "the server's own")
    };
  }

  private static Panel[] process() {
    return new Panel[] {
      Panel.lines("Processor", "Of all cores: by this process, and by everybody.")
          .unit("percentunit")
          .warnFrom(0.9)
          .ask("max(process_cpu_usage{job=\"dormouse\", $I})", "process")
          .ask("max(system_cpu_usage{job=\"dormouse\", $I})", "machine"),
      Panel.lines(
              "Heap",
              "What stays after a collection is what counts; in between the heap fills up as it"
                  + " likes.")
          .unit("bytes")
          .ask("sum(jvm_memory_used_bytes{job=\"dormouse\", area=\"heap\", $I})", "used")
          .ask("sum(jvm_gc_live_data_size_bytes{job=\"dormouse\", $I})", "after collection")
          .ask("sum(jvm_gc_max_data_size_bytes{job=\"dormouse\", $I})", "most"),
      Panel.lines(
              "Pauses and descriptors",
              "Share of time in which collections stop all threads; share of the file descriptors in"
                  + " use: each socket takes one.")
          .unit("percentunit")
          .badFrom(0.9)
          .ask(
              "sum(rate(jvm_gc_pause_seconds_sum{job=\"dormouse\", $I}[$__rate_interval]))",
              "collections")
          .ask(
              "max(process_files_open_files{job=\"dormouse\", $I} /"
                  + " process_files_max_files{job=\"dormouse\", $I})",
              "descriptors")
    };
  }
}
