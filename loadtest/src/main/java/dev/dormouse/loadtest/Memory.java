package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The cases of memory: how much a server's process grows by connections, or rooms, that sleep.
///
/// Each begins with a new process, since none gives all back that it once took. It is warmed up
/// with echoes first, so that growth holds no class, compiled code or young generation that came
/// with the first message, and left alone until those rooms sleep.
///
/// @param warmUp how long the echoes go on
record Memory(Scale scale, Duration warmUp) {
  private static final int WARM_CONNECTIONS = 100;

  /// Starts the server if it is not there yet, and stops it then.
  ///
  /// @param one of memory
  /// @throws WireException if the server refuses a connection or answers wrongly
  Sample measure(Case one, Contender contender) throws IOException {
    return switch (contender) {
      case Contender.Given given when given.process().isEmpty() ->
          Sample.of(Map.of(), List.of("not measured: --pid was not given"));
      case Contender.Given given ->
          measure(one, given.address(), given.process().get(), Descriptors.ONE, () -> {});
      case Contender.Started(String _, Contender.Launch launch) -> {
        try (ServerProcess server = launch.start()) {
          yield measure(one, server.address(), server.handle(), launch.descriptors(), server::kill);
        }
      }
    };
  }

  private Sample measure(
      Case one, URI server, ProcessHandle process, Descriptors descriptors, Runnable stop)
      throws IOException {
    warmUp(server);
    Footprint before = Footprint.of(process);
    return one == Case.MEMORY_USED
        ? usedRooms(server, process, descriptors, before)
        : connections(server, process, descriptors, one == Case.MEMORY_ROOMS, before, stop);
  }

  private void warmUp(URI server) throws IOException {
    Tally uncounted = new Tally();
    try (Swarm swarm = Swarm.open(server, WARM_CONNECTIONS, i -> "warm" + i, Pace.unbounded())) {
      swarm.converse(
          new Echo(WARM_CONNECTIONS, uncounted),
          uncounted,
          new Meter(Optional.empty()),
          Duration.ZERO,
          warmUp);
      swarm.hangUp();
    }
    for (int i = 0; i < WARM_CONNECTIONS; i++) {
      Http.counter(server, "warm" + i);
    }
    Pause.of(scale.sleep());
  }

  /// @param stop ends the server, while its connections are still open: to be told of thousands of
  ///   closings would wake every room
  private Sample connections(
      URI server,
      ProcessHandle process,
      Descriptors descriptors,
      boolean roomEach,
      Footprint before,
      Runnable stop)
      throws IOException {
    long limit = Descriptors.limit();
    int count = descriptors.fitting(scale.connections(), limit, roomEach);
    Pace pace = roomEach ? descriptors.pace(count, limit) : Pace.unbounded();
    try (Swarm swarm = Swarm.open(server, count, i -> "m" + (roomEach ? i : 0), pace)) {
      Look look = Look.at(server, roomEach ? count : 1, i -> "m" + i);
      swarm.rest(scale.sleep());
      Footprint after = Footprint.of(process);
      Growth growth =
          new Growth(
              "connections",
              count,
              scale.connections(),
              look.rooms().size(),
              look.slept(),
              before,
              after);
      stop.run();
      return growth.sample();
    }
  }

  private Sample usedRooms(
      URI server, ProcessHandle process, Descriptors descriptors, Footprint before)
      throws IOException {
    int count = scale.usedRooms();
    Pace pace = descriptors.pace(0, Descriptors.limit());
    for (int i = 0; i < count; i++) {
      pace.await();
      Http.counter(server, "u" + i);
    }
    Look look = Look.at(server, count, i -> "u" + i);
    Pause.of(scale.sleep());
    Footprint after = Footprint.of(process);
    return new Growth("rooms", count, count, look.rooms().size(), look.slept(), before, after)
        .sample();
  }
}
