package dev.dormouse.saga.engine;

/// Texts that others have written, such as messages of exceptions, in rows and letters of ours.
final class Cut {
  private static final int MOST = 1_000;

  private Cut() {}

  static String text(String text) {
    return text.length() <= MOST ? text : text.substring(0, MOST) + "...";
  }
}
