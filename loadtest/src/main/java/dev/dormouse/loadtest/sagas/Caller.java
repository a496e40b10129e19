package dev.dormouse.loadtest.sagas;

import java.io.IOException;

/// A client that has one saga under way, on a connection of its own. For one thread.
interface Caller extends AutoCloseable {
  int PATIENCE_MS = 60_000;

  /// Starts a saga and blocks until the server has said how it ended.
  ///
  /// @return whether it was completed; false if it was compensated
  /// @throws dev.dormouse.loadtest.WireException if the answer is another
  boolean run(Order order) throws IOException;

  @Override
  void close() throws IOException;
}
