package dev.dormouse.server.access;

/// Addresses of rooms, `namespace/name`, with two wildcards: `*` stands for any text without a
/// slash, `**` for any text. Nothing else is special, and nothing is normalised.
///
/// @param text as it was written
record AddressPattern(String text) {
  /// How long one may be: the longest name of a room, and a namespace.
  static final int MOST = 1_024 + 65;

  AddressPattern {
    if (text.isEmpty() || text.length() > MOST) {
      throw new IllegalArgumentException("a pattern has 1 to " + MOST + " characters");
    }
  }

  /// Whether it stands for this address. Takes time in proportion to the product of both lengths,
  /// whatever they hold.
  boolean matches(String address) {
    // Whether the pattern so far stands for each beginning of the address.
    boolean[] reached = new boolean[address.length() + 1];
    reached[0] = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '*') {
        for (int end = address.length(); end > 0; end--) {
          reached[end] = reached[end - 1] && address.charAt(end - 1) == c;
        }
        reached[0] = false;
        continue;
      }
      boolean across = i + 1 < text.length() && text.charAt(i + 1) == '*';
      for (int end = 1; end < reached.length; end++) {
        reached[end] |= reached[end - 1] && (across || address.charAt(end - 1) != '/');
      }
      i += across ? 1 : 0;
    }
    return reached[address.length()];
  }
}
