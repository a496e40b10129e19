package dev.dormouse.server;

import java.util.regex.Pattern;

/// Takes tokens out of what is written to the log. No code of ours writes one down; this is for
/// what libraries quote, such as a request line that they could not read.
final class Redaction {
  private static final String INSTEAD = "(token)";

  /// A JWT: its header begins with `{"`.
  private static final Pattern TOKEN =
      Pattern.compile("eyJ[A-Za-z0-9_-]{4,}(?:\\.[A-Za-z0-9_-]*){1,4}");

  private static final Pattern PARAMETER = Pattern.compile("(?<=[?&]token=)[^&\\s\"'\\]]+");
  private static final Pattern BEARER = Pattern.compile("(?i)(?<=bearer )[A-Za-z0-9._~+/=-]+");

  private Redaction() {}

  static String of(String text) {
    String clean = text;
    if (clean.contains("eyJ")) {
      clean = TOKEN.matcher(clean).replaceAll(INSTEAD);
    }
    if (clean.contains("token=")) {
      clean = PARAMETER.matcher(clean).replaceAll(INSTEAD);
    }
    if (clean.contains("earer ") || clean.contains("EARER ")) {
      clean = BEARER.matcher(clean).replaceAll(INSTEAD);
    }
    return clean;
  }
}
