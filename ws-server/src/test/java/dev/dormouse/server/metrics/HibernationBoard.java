package dev.dormouse.server.metrics;

/// Do rooms sleep, what wakes them, and who answers for them meanwhile?
final class HibernationBoard {
  private HibernationBoard() {}

  static Board board() {
    return new Board(
            "dormouse-hibernation",
            "Dormouse: hibernation",
            "How many rooms sleep with their connections open, what wakes them and how long that"
                + " takes, and what doormen answer without waking anybody.")
        .row("Now", now())
        .row("Sleep", sleep())
        .row("Wakes", wakes())
        .row("Answered without waking", doormen())
        .row("Large rooms", memory())
        .row("Alarms", alarms())
        .row("Records of sleeping rooms", scratch());
  }

  private static Panel[] now() {
    return new Panel[] {
      Panel.number("Rooms awake", "In memory now.").ask("sum(dormouse_rooms_awake{$I})", ""),
      Panel.number("Rooms asleep, with connections", "Out of memory while their clients stay.")
          .ask("sum(dormouse_rooms_connected{state=\"asleep\", $I})", ""),
      Panel.number("Connections", "All, awake or asleep at the other end.")
          .ask("sum(dormouse_connections{$I})", ""),
      Panel.number("Wakes a second", "Rooms that were read from the disk because something came.")
          .unit("ops")
          .ask("sum(rate(dormouse_wake_seconds_count{$I}[$__rate_interval]))", ""),
      Panel.number(
              "Slowest hundredth of wakes",
              "From what came until the room had started. Its sender waits that long, and then for"
                  + " its handler.")
          .unit("s")
          .warnFrom(0.01)
          .badFrom(0.5)
          .ask(
              "histogram_quantile(0.99, sum by (le)"
                  + " (rate(dormouse_wake_seconds_bucket{$I}[$__rate_interval])))",
              ""),
      Panel.number("Answers without waking, a second", "By pongs, automatic responses and doormen.")
          .unit("ops")
          .ask("sum(rate(dormouse_answers_total{$I}[$__rate_interval]))", "")
    };
  }

  private static Panel[] sleep() {
    return new Panel[] {
      Panel.lines(
              "Rooms awake, by namespace",
              "Rises for good: something keeps rooms awake. The inspector says for each room what.")
          .stacked()
          .ask("sum by (namespace) (dormouse_rooms_awake{$I})", "{{namespace}}"),
      Panel.lines(
              "Rooms with connections",
              "Asleep ones cost no memory for their state, only for their sockets.")
          .stacked()
          .ask("sum by (state) (dormouse_rooms_connected{$I})", "{{state}}"),
      Panel.lines(
              "Starts and sleeps",
              "Created: without stored state. Restarted: the first start in this process. Woken:"
                  + " after a sleep. Reset: after a fault.")
          .unit("ops")
          .ask(
              "sum by (cause) (rate(dormouse_rooms_started_total{$I}[$__rate_interval]))",
              "{{cause}}")
          .ask("sum(rate(dormouse_rooms_slept_total{$I}[$__rate_interval]))", "fell asleep")
    };
  }

  private static Panel[] wakes() {
    return new Panel[] {
      Panel.lines(
              "Wakes, by what came",
              "Many by message just after they fell asleep: the idle time of the namespace is too"
                  + " short for its clients.")
          .unit("ops")
          .stacked()
          .ask(
              "sum by (by) (rate(dormouse_wake_seconds_count{$I}[$__rate_interval])) > 0",
              "{{by}}"),
      Panel.lines("Time of wakes", "p99 for each thing that came, p50 of all.")
          .unit("s")
          .badFrom(0.5)
          .ask(
              "histogram_quantile(0.5, sum by (le)"
                  + " (rate(dormouse_wake_seconds_bucket{$I}[$__rate_interval])))",
              "all p50")
          .ask(
              "histogram_quantile(0.99, sum by (le, by)"
                  + " (rate(dormouse_wake_seconds_bucket{$I}[$__rate_interval])))",
              "{{by}} p99"),
      Panel.heat(
              "Time of wakes, all of them",
              "Two bands: rooms whose pages are in memory, and those that come from the disk.")
          .unit("s")
          .ask(
              "sum by (le) (increase(dormouse_wake_seconds_bucket{$I}[$__rate_interval]))",
              "{{le}}")
    };
  }

  private static Panel[] doormen() {
    return new Panel[] {
      Panel.lines(
              "Answers, by who gave them",
              "Each is an event that woke nobody. Keep-alives go to connections that were silent.")
          .unit("ops")
          .stacked()
          .ask("sum by (by) (rate(dormouse_answers_total{$I}[$__rate_interval]))", "{{by}}"),
      Panel.lines(
              "What doormen did with messages",
              "Passed: let into the room. Relayed: handed to others at the door, once for each of"
                  + " them.")
          .unit("ops")
          .ask("sum(rate(dormouse_doorman_passed_total{$I}[$__rate_interval]))", "passed")
          .ask("sum(rate(dormouse_doorman_relayed_total{$I}[$__rate_interval]))", "relayed"),
      Panel.lines("Porches", "What doormen keep while clients are there, by their own reckoning.")
          .unit("bytes")
          .ask("sum(dormouse_porch_bytes{$I})", "all")
          .ask("sum(dormouse_porch_bytes{$I}) / (sum(dormouse_porches{$I}) > 0)", "mean of a porch")
    };
  }

  private static Panel[] memory() {
    return new Panel[] {
      Panel.lines(
              "Memory of large rooms",
              "As reckoned, of those that are awake. At the limit idle ones fall asleep at once, and"
                  + " others wait.")
          .unit("bytes")
          .width(12)
          .ask("sum(dormouse_rooms_memory_bytes{$I})", "taken")
          .ask("sum(dormouse_rooms_memory_limit_bytes{$I})", "limit"),
      Panel.lines(
              "Large rooms that wait",
              "For memory to wake in. Who asks for one of them is sent away after 5 s.")
          .width(12)
          .badFrom(1)
          .ask("sum(dormouse_rooms_crowded{$I})", "waiting")
    };
  }

  private static Panel[] alarms() {
    return new Panel[] {
      Panel.lines("Alarms at work", "Handed to their rooms and not settled: handlers, and retries.")
          .ask("sum(dormouse_alarms_in_flight{$I})", "in flight")
          .ask("sum(increase(dormouse_alarms_parked_total{$I}[$__rate_interval]))", "parked"),
      Panel.lines("Alarms that reached their handlers", "Retries count again.")
          .unit("ops")
          .ask("sum(rate(dormouse_alarm_lateness_seconds_count{$I}[$__rate_interval]))", "fired"),
      Panel.lines(
              "Lateness",
              "After a start overdue alarms are as late as the process was down; otherwise a wake"
                  + " and a queue.")
          .unit("s")
          .badFrom(10)
          .quantiles("dormouse_alarm_lateness_seconds", "late")
    };
  }

  private static Panel[] scratch() {
    return new Panel[] {
      Panel.lines("Calls of the scratch file", "Records of connections: kept, read and deleted.")
          .unit("ops")
          .ask("sum(rate(dormouse_scratch_calls_total{$I}[$__rate_interval]))", "calls")
          .ask(
              "sum(rate(dormouse_scratch_write_seconds_count{$I}[$__rate_interval]))",
              "transactions"),
      Panel.lines("Its transactions", "Without a sync. Wakes and sleeps wait for them.")
          .unit("s")
          .quantiles("dormouse_scratch_write_seconds", "transaction"),
      Panel.lines("Its failures", "Rooms stay awake, or lose connections, when it fails.")
          .ask("sum(increase(dormouse_scratch_failed_total{$I}[$__rate_interval]))", "failed")
    };
  }
}
