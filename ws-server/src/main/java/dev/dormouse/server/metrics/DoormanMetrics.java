package dev.dormouse.server.metrics;

import dev.dormouse.hibernation.SocketCounters;
import dev.dormouse.hibernation.SocketTable;
import java.util.concurrent.atomic.LongAdder;

/// What was answered without waking anybody (C6), and what doormen keep for that.
final class DoormanMetrics {
  private DoormanMetrics() {}

  static void register(Meters meters, SocketTable sockets) {
    SocketCounters counters = sockets.counters();
    answers(meters, "pong", counters.pings);
    answers(meters, "auto_response", counters.autoResponses);
    answers(meters, "keep_alive", counters.fed);
    answers(meters, "doorman", counters.answered);
    meters.counted(
        "doorman.relayed",
        "Messages that doormen handed on, once for each connection that got one",
        counters.deliveries);
    meters.counted("doorman.passed", "Messages that doormen let into their rooms", counters.passed);
    meters.gauge("porches", "Porches that doormen keep at rooms", counters.porches::sum);
    meters.gauge(
        "porch.bytes",
        "Bytes that all porches hold, by their own reckoning",
        counters.porchBytes::sum);
  }

  private static void answers(Meters meters, String by, LongAdder count) {
    meters.counted(
        "answers", "Messages to clients that woke nobody, by who gave them", count, "by", by);
  }
}
