package dev.dormouse.server.services;

import java.io.IOException;

/// A call that came to nothing, as far as one can tell: it may be made again.
public class ServiceFailedException extends IOException {
  private static final long serialVersionUID = 1;

  ServiceFailedException(String message) {
    super(message);
  }

  ServiceFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
