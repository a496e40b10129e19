package dev.dormouse.room;

import org.jspecify.annotations.Nullable;

/// A piece of a room's own code that the runtime runs in a stated way.
///
/// @param <T> what it returns
/// @param <X> what it may throw; inferred as an unchecked exception for code that throws none
@FunctionalInterface
public interface Work<T extends @Nullable Object, X extends Exception> {
  T run() throws X;
}
