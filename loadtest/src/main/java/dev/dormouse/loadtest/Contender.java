package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/// A server that takes part.
sealed interface Contender {
  /// Its column's title.
  String name();

  /// One that this run starts and stops.
  ///
  /// @param launch starts a new process of it
  record Started(String name, Launch launch) implements Contender {}

  /// One that was there before and stays.
  ///
  /// @param process whose CPU is measured; empty if it is not known
  record Given(String name, URI address, Optional<ProcessHandle> process) implements Contender {}

  /// Starts a server.
  interface Launch {
    /// What it takes of them.
    Descriptors descriptors();

    /// Returns once `GET /ping` was answered.
    ///
    /// @throws StartException if that does not come to pass
    ServerProcess start() throws IOException;
  }
}
