package dev.dormouse.loadtest.storm;

/// Somebody who uses the server and keeps books of what he was answered. One thread has him.
interface Client {
  String name();

  /// How many of his requests were acknowledged.
  long acknowledged();

  /// One thing that a user does. What nobody answered is asked again in the next step.
  ///
  /// @throws LostException if the server cannot be used now
  void step() throws LostException, InterruptedException;

  /// Compares the books with what the server has; what is wrong for good becomes a finding.
  ///
  /// @return what is still open and should not stay so; empty if nothing
  String check() throws LostException, InterruptedException;

  /// How long between two steps, in milliseconds.
  default long pace() {
    return 150;
  }
}
