package dev.dormouse.server.limits;

/// What a client finds at the [Turnstile].
public sealed interface Entry {
  /// It is counted from now on, until its pass is given back.
  ///
  /// @param pass a positive number, for [Passes] or a [Pass]
  record LetIn(int pass) implements Entry {}

  /// It is over a limit and not counted.
  record Refused(Reason why) implements Entry {}
}
