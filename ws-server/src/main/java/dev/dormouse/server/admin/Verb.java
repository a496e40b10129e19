package dev.dormouse.server.admin;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What an operator can do to a saga, as it is written in an address.
public enum Verb {
  CANCEL,
  PAUSE,
  RESUME,
  RETRY,
  SKIP,
  RESOLVE;

  public static Optional<Verb> of(String word) {
    return Arrays.stream(values()).filter(verb -> verb.word().equals(word)).findFirst();
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
