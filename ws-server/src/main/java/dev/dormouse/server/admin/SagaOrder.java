package dev.dormouse.server.admin;

/// What somebody wants done to a saga. Each goes into its timeline with who wanted it.
public sealed interface SagaOrder {
  String actor();

  /// Turns it back.
  record Cancel(String actor, String note) implements SagaOrder {}

  /// Sends nothing new until it is resumed.
  record Pause(String actor) implements SagaOrder {}

  record Resume(String actor) implements SagaOrder {}

  /// Tries again what is parked.
  record Retry(String actor, String note) implements SagaOrder {}

  /// Goes on without the step that is parked, or leaves its effect standing.
  record Skip(String step, String actor, String note) implements SagaOrder {}

  /// Says how the step that is parked stands.
  record Resolve(String step, boolean applied, String actor, String note) implements SagaOrder {}
}
