package dev.dormouse.server;

import org.jspecify.annotations.Nullable;

/// The server cannot start. The message is for the person who starts it: what is wrong, and what to
/// do.
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StartException(String message) {
    super(message);
  }

  StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
