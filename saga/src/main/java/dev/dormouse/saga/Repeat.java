package dev.dormouse.saga;

/// Why it does no harm to make an external call twice: the process may die after the call and
/// before it has written down that it made it.
public sealed interface Repeat {

  /// The other side takes a second call with the same key for the first.
  record Idempotent() implements Repeat {}

  /// The other side can be asked for what became of a key, and is before a call is repeated.
  ///
  /// @param operation the operation that asks
  record Lookup(String operation) implements Repeat {
    public Lookup {
      if (operation.isBlank()) {
        throw new IllegalArgumentException("a lookup names the operation that asks");
      }
    }
  }

  static Repeat idempotent() {
    return new Idempotent();
  }

  static Repeat lookup(String operation) {
    return new Lookup(operation);
  }
}
