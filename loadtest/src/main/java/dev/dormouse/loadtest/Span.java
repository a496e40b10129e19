package dev.dormouse.loadtest;

import java.util.OptionalDouble;

/// What a stretch of time cost.
///
/// @param seconds how long it was
/// @param serverCpu CPU seconds of the server's process, user and system; empty if it is not known
/// @param clientCores CPU share of the client's one busy thread, in cores
/// @param otherCores CPU share of everything on the machine but server and client, in cores; empty
///   where the system does not tell
public record Span(
    double seconds, OptionalDouble serverCpu, double clientCores, OptionalDouble otherCores) {

  /// CPU share of the server; empty if it is not known.
  OptionalDouble serverCores() {
    return serverCpu.isPresent()
        ? OptionalDouble.of(serverCpu.getAsDouble() / seconds)
        : OptionalDouble.empty();
  }
}
