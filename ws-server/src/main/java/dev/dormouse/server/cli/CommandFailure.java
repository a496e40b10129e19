package dev.dormouse.server.cli;

import org.jspecify.annotations.Nullable;

/// A command cannot do what it was asked. The message is for the person who gave it: what is in the
/// way, and what to do.
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  CommandFailure(String message) {
    super(message);
  }

  CommandFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
