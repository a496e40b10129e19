package dev.dormouse.loadtest.sagas;

import java.io.IOException;
import java.util.List;

/// A server that runs sagas, started for this run; closing it stops its processes.
interface Side extends AutoCloseable {
  /// With its version.
  String name();

  /// All of it, whose CPU is told as one.
  List<ProcessHandle> processes();

  /// Those of them that run the user's code, where that is a process of its own.
  List<ProcessHandle> services();

  /// Connects client `number`.
  Caller caller(int number) throws IOException;

  /// What one object has stored.
  Counts counts(String object) throws IOException;

  /// What it counts itself.
  Work work() throws IOException;

  @Override
  void close() throws IOException;
}
