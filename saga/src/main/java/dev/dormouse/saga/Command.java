package dev.dormouse.saga;

import java.util.function.Function;

/// What a step, or its undo, asks of somebody: data, but for the functions that fill it in.
///
/// The functions run once, when the command is first sent; what they made is stored and every
/// attempt sends it again. One that throws has the step refused (its undo: failed).
public sealed interface Command<I> {

  /// What is to be done, as the receiver knows it.
  String operation();

  /// Its argument, which the codec must be able to encode.
  Function<SoFar<I>, ?> payload();

  /// Asks a room. It keeps a record of what it did for which saga, so a repetition does no harm.
  record ToRoom<I>(
      Function<SoFar<I>, Target> target, String operation, Function<SoFar<I>, ?> payload)
      implements Command<I> {}

  /// Calls something outside. "At most once" holds only as far as the other side honours the key.
  ///
  /// @param key goes with every attempt of the call, so that the other side can tell a repetition
  record External<I>(
      String service,
      String operation,
      Function<SoFar<I>, String> key,
      Repeat repeat,
      Function<SoFar<I>, ?> payload)
      implements Command<I> {}

  /// Asks the room of a name.
  static <I> Command<I> toRoom(
      String namespace,
      Function<SoFar<I>, String> name,
      String operation,
      Function<SoFar<I>, ?> payload) {
    return new ToRoom<>(soFar -> Target.room(namespace, name.apply(soFar)), operation, payload);
  }

  /// Asks any room.
  static <I> Command<I> toRoom(
      Function<SoFar<I>, Target> target, String operation, Function<SoFar<I>, ?> payload) {
    return new ToRoom<>(target, operation, payload);
  }

  static <I> Command<I> external(
      String service,
      String operation,
      Function<SoFar<I>, String> key,
      Repeat repeat,
      Function<SoFar<I>, ?> payload) {
    return new External<>(service, operation, key, repeat, payload);
  }
}
