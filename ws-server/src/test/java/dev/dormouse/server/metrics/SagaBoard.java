package dev.dormouse.server.metrics;

/// Do sagas end, does anybody have to look at one, and are queues emptied as fast as they fill?
final class SagaBoard {
  private SagaBoard() {}

  static Board board() {
    return new Board(
            "dormouse-sagas",
            "Dormouse: sagas and queues",
            "What sagas are open, stuck or late, what goes wrong on their way, and what waits in"
                + " queues.")
        .row("Now", now())
        .row("Sagas", sagas())
        .row("Steps", steps())
        .row("Letters between rooms", letters())
        .row("Queues", queues())
        .row("What waits in queues", depths())
        .row("Queues' logs", logs());
  }

  private static Panel[] now() {
    return new Panel[] {
      Panel.number("Sagas open", "Started and not ended, those of sleeping rooms too.")
          .ask("sum(dormouse_sagas_open{$I})", ""),
      Panel.number("Sagas parked", "They wait for somebody to decide: the inspector lists them.")
          .badFrom(1)
          .ask("sum(dormouse_sagas_open{status=~\"parked_.+\", $I})", ""),
      Panel.number("Oldest open saga", "How long ago it was started.")
          .unit("s")
          .ask("max(dormouse_sagas_oldest_seconds{$I})", ""),
      Panel.number("Queue backlog", "Messages that some group is not done with.")
          .ask("sum(dormouse_queue_backlog{$I})", ""),
      Panel.number("Oldest message", "How long it has been waiting, or been worked on.")
          .unit("s")
          .warnFrom(60)
          .badFrom(900)
          .ask("max(dormouse_queue_oldest_seconds{$I})", ""),
      Panel.number("Dead letters", "Given up by some group, and not driven again.")
          .badFrom(1)
          .ask("sum(dormouse_queue_dead{$I})", "")
    };
  }

  private static Panel[] sagas() {
    return new Panel[] {
      Panel.lines(
              "Open, by how far they are", "Parked forward: past its pivot. Backward: in an undo.")
          .stacked()
          .ask("sum by (status) (dormouse_sagas_open{$I})", "{{status}}"),
      Panel.lines("Started and ended", "Far apart for long: sagas take long, or do not end.")
          .unit("ops")
          .ask("sum(rate(dormouse_sagas_started_total{$I}[$__rate_interval]))", "started")
          .ask(
              "sum by (outcome) (rate(dormouse_sagas_ended_total{$I}[$__rate_interval]))",
              "{{outcome}}"),
      Panel.lines("Oldest open saga", "By definition; beyond its deadline it is parked or paused.")
          .unit("s")
          .ask("max by (definition) (dormouse_sagas_oldest_seconds{$I})", "{{definition}}"),
      Panel.lines("Open, by definition", "Old versions are counted with the newest.")
          .stacked()
          .ask("sum by (definition) (dormouse_sagas_open{$I})", "{{definition}}"),
      Panel.lines("Taken back, as a share", "Of the sagas that ended.")
          .unit("percentunit")
          .ask(
              "sum by (definition) (rate("
                  + "dormouse_sagas_ended_total{outcome=\"compensated\", $I}[$__rate_interval]))"
                  + " / (sum by (definition)"
                  + " (rate(dormouse_sagas_ended_total{$I}[$__rate_interval])) > 0)",
              "{{definition}}"),
      Panel.lines("Parked lately", "How many stopped until somebody decides.")
          .ask(
              "sum by (definition, status)"
                  + " (increase(dormouse_sagas_parked_total{$I}[$__rate_interval]))",
              "{{definition}} {{status}}")
    };
  }

  private static Panel[] steps() {
    return new Panel[] {
      Panel.lines("Attempts", "Commands to do a step or to undo it, repeated ones too.")
          .unit("ops")
          .stacked()
          .ask(
              "sum by (way) (rate(dormouse_saga_attempts_total{$I}[$__rate_interval]))", "{{way}}"),
      Panel.lines("Retries and timeouts", "By definition: who asks somebody that does not answer.")
          .unit("ops")
          .ask(
              "sum by (definition) (rate(dormouse_saga_retries_total{$I}[$__rate_interval]))",
              "{{definition}} retries")
          .ask(
              "sum by (definition) (rate(dormouse_saga_timeouts_total{$I}[$__rate_interval]))",
              "{{definition}} timeouts"),
      Panel.lines("Undos that failed", "An undo that fails to the end parks its saga.")
          .unit("ops")
          .ask(
              "sum by (definition) (rate(dormouse_saga_undo_failures_total{$I}[$__rate_interval]))",
              "{{definition}}")
    };
  }

  private static Panel[] letters() {
    return new Panel[] {
      Panel.lines("Letters", "Written once each; sent again while nobody says to have taken them.")
          .unit("ops")
          .ask("sum(rate(dormouse_saga_letters_sent_total{$I}[$__rate_interval]))", "sent")
          .ask("sum(rate(dormouse_saga_letters_resent_total{$I}[$__rate_interval]))", "sent again"),
      Panel.lines(
              "Letters that wait",
              "For word that they were taken. Rises for good: some room fails.")
          .ask("sum(dormouse_saga_letters_waiting{$I})", "waiting")
    };
  }

  private static Panel[] queues() {
    return new Panel[] {
      Panel.lines("Published", "Appended to the queue's log.")
          .unit("ops")
          .stacked()
          .ask(
              "sum by (queue) (rate(dormouse_queue_published_total{$I}[$__rate_interval]))",
              "{{queue}}"),
      Panel.lines("Delivered and acknowledged", "Apart for long: consumers take long, or fail.")
          .unit("ops")
          .ask(
              "sum by (queue, group) (rate(dormouse_queue_delivered_total{$I}[$__rate_interval]))",
              "{{queue}}/{{group}} delivered")
          .ask(
              "sum by (queue, group)"
                  + " (rate(dormouse_queue_acknowledged_total{$I}[$__rate_interval]))",
              "{{queue}}/{{group}} acknowledged"),
      Panel.lines(
              "Retried and given up", "Handed out again; and those that came to their last retry.")
          .unit("ops")
          .ask(
              "sum by (queue, group) (rate(dormouse_queue_retried_total{$I}[$__rate_interval]))",
              "{{queue}}/{{group}} retried")
          .ask(
              "sum by (queue, group)"
                  + " (rate(dormouse_queue_dead_lettered_total{$I}[$__rate_interval]))",
              "{{queue}}/{{group}} given up")
    };
  }

  private static Panel[] depths() {
    return new Panel[] {
      Panel.lines("Backlog", "Unread, ready, delayed and leased, by group.")
          .ask("sum by (queue, group) (dormouse_queue_backlog{$I})", "{{queue}}/{{group}}"),
      Panel.lines("Oldest message", "Rises in step with time: nobody consumes.")
          .unit("s")
          .badFrom(900)
          .ask("max by (queue, group) (dormouse_queue_oldest_seconds{$I})", "{{queue}}/{{group}}"),
      Panel.lines(
              "Leased, and dead letters", "In somebody's hands; and given up, not driven again.")
          .ask("sum by (queue, group) (dormouse_queue_leased{$I})", "{{queue}}/{{group}} leased")
          .ask("sum by (queue, group) (dormouse_queue_dead{$I})", "{{queue}}/{{group}} dead")
    };
  }

  private static Panel[] logs() {
    return new Panel[] {
      Panel.lines("Size on disk", "What every group is done with goes after the queue's retention.")
          .unit("bytes")
          .ask("sum by (queue) (dormouse_queue_log_bytes{$I})", "{{queue}}"),
      Panel.lines("Appended bytes", "Keys, headers and payloads.")
          .unit("Bps")
          .ask(
              "sum by (queue) (rate(dormouse_queue_log_written_bytes_total{$I}[$__rate_interval]))",
              "{{queue}}"),
      Panel.lines("Syncs", "A message that is sent is durable in its room; here it is in the log.")
          .unit("s")
          .quantiles("dormouse_queue_sync_seconds", "sync")
    };
  }
}
