package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// The case of the first message to a sleeping room: rooms with a connection each, left alone until
/// they sleep, are then asked one after the other.
///
/// A round: silence, an echo from each room, another from each, and each one's info, which says
/// whether the first echo came from a room built anew.
///
/// @param warmUp echoes on all connections before the first silence; unless it is zero, one round
///   goes uncounted too
record Wake(Scale scale, Duration warmUp) {
  private static final byte[] INFO = "i".getBytes(StandardCharsets.US_ASCII);

  /// Blocks for all rounds.
  ///
  /// @throws WireException if an answer is wrong or does not come
  Sample measure(URI server, Optional<ProcessHandle> process) throws IOException {
    Meter meter = new Meter(process);
    try (Swarm swarm = Swarm.open(server, scale.rooms(), room -> "w" + room, Pace.unbounded())) {
      long[] built = built(swarm);
      if (warmUp.isPositive()) {
        Tally uncounted = new Tally();
        swarm.converse(new Echo(scale.rooms(), uncounted), uncounted, meter, Duration.ZERO, warmUp);
        built = round(swarm, -1, built, new Wakes());
      }
      Wakes wakes = new Wakes();
      Meter.Reading before = meter.read();
      for (int round = 0; round < scale.rounds(); round++) {
        built = round(swarm, round, built, wakes);
      }
      Span span = meter.between(before, meter.read());
      swarm.hangUp();
      return wakes.sample(span);
    }
  }

  /// @param before how often each room was built so far
  /// @return the same after the round
  private long[] round(Swarm swarm, int number, long[] before, Wakes into) throws IOException {
    swarm.rest(scale.sleep());
    long[] first = echoes(swarm, 2 * number);
    long[] second = echoes(swarm, 2 * number + 1);
    long[] after = built(swarm);
    into.add(before, after, first, second);
    return after;
  }

  private long[] echoes(Swarm swarm, int round) throws IOException {
    InTurn echoes = InTurn.echoes(scale.rooms(), round);
    swarm.converse(echoes);
    return echoes.nanos();
  }

  private long[] built(Swarm swarm) throws IOException {
    long[] built = new long[scale.rooms()];
    swarm.converse(
        new InTurn(built.length, _ -> INFO, (room, info) -> built[room] = Info.built(info)));
    return built;
  }
}
