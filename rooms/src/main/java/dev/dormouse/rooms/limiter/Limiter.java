package dev.dormouse.rooms.limiter;

/// What other rooms may ask of somebody's limiter.
///
/// ```java
/// Limiter hers = context.rooms().stub(Limiter.class, "limiter", "ann");
/// if (!hers.take(1).granted()) { ... }
/// ```
public interface Limiter {

  /// Takes `tokens`, all or none of them. Once granted they are spent, also if the answer is lost.
  ///
  /// @throws Refusal.Refused with 400 if `tokens` is not 1 to the limit's capacity
  Taken take(long tokens);

  /// The limit that holds.
  Limit limit();

  /// Sets the limit. Tokens that are there stay, as far as it allows.
  void limit(Limit limit);
}
