package dev.dormouse.server.jetty;

/// The room side, as the threads that read sockets see it: rooms that promise not to block are run
/// by the thread that read for them, once it has read all there is.
public interface Reading {

  /// Runs `body`; rooms that it made ready run when it ends, or at [#runReady].
  void reading(Runnable body);

  /// Runs the rooms that this thread has made ready; does nothing if there are none.
  void runReady();
}
