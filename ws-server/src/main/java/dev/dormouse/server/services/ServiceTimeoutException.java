package dev.dormouse.server.services;

/// A call that was not answered in time; what became of it nobody knows.
public final class ServiceTimeoutException extends ServiceFailedException {
  private static final long serialVersionUID = 1;

  ServiceTimeoutException(String message) {
    super(message);
  }
}
