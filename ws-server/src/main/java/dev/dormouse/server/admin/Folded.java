package dev.dormouse.server.admin;

import java.util.Locale;

/// Text as a search compares it.
final class Folded {
  private Folded() {}

  /// Without regard to case in any script: by way of capitals, which some small letters share.
  static String text(String text) {
    return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
