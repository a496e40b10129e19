package dev.dormouse.saga;

/// What a saga asks of an [ExternalService].
public interface ExternalCall {

  /// What is to be done, as the definition says it; for a lookup, the operation that asks.
  String operation();

  /// Whether it only asks what became of an earlier call of this key.
  boolean looksUp();

  /// Whether it takes back a step. It may come although the step was never done, or nobody knows.
  boolean undoes();

  /// Goes with every attempt: a second call of this key must not have a second effect.
  String key();

  /// The argument.
  ///
  /// @throws IllegalArgumentException if it is not a `type`
  <T> T payload(Class<T> type);
}
