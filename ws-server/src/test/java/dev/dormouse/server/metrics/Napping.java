package dev.dormouse.server.metrics;

/// How a [NapRoom] can be called.
interface Napping {
  String nap(String word);
}
