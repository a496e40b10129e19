package dev.dormouse.server.access;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The token that a client shows, in one of three ways: as `Authorization: Bearer`, as the query
/// parameter `token`, or as a sub-protocol `dormouse.token.{jwt}` that it offers. A browser can
/// send the last two only; the last keeps it out of the addresses that proxies write down.
///
/// @param token null if there is none
public record Credentials(@Nullable String token) {
  /// The query parameter.
  public static final String PARAMETER = "token";

  /// The beginning of the sub-protocol.
  public static final String PROTOCOL = "dormouse.token.";

  /// A sub-protocol that says nothing, for clients of rooms that choose none: browsers break off
  /// when they have offered some and none was chosen.
  public static final String PLAIN = "dormouse";

  private static final String BEARER = "bearer ";

  /// Finds it.
  ///
  /// @param authorization the values of that header
  /// @param parameters the values of the query parameter
  /// @param protocols the sub-protocols that are offered
  /// @throws Denial.Found if there are several
  public static Credentials of(
      List<String> authorization, List<String> parameters, List<String> protocols)
      throws Denial.Found {
    Set<String> tokens = new LinkedHashSet<>();
    for (String value : authorization) {
      if (isBearer(value)) {
        tokens.add(value.substring(BEARER.length()).strip());
      }
    }
    tokens.addAll(parameters);
    for (String protocol : protocols) {
      if (protocol.startsWith(PROTOCOL)) {
        tokens.add(protocol.substring(PROTOCOL.length()));
      }
    }
    if (tokens.size() > 1) {
      throw Denial.TWO_TOKENS.found();
    }
    return new Credentials(tokens.isEmpty() ? null : tokens.iterator().next());
  }

  /// Whether a value of `Authorization` is a token of ours.
  public static boolean isBearer(String value) {
    return value.length() > BEARER.length()
        && value.substring(0, BEARER.length()).toLowerCase(Locale.ROOT).equals(BEARER);
  }

  /// The sub-protocols that a room may choose of.
  public static List<String> speakable(List<String> protocols) {
    List<String> left = new ArrayList<>(protocols.size());
    for (String protocol : protocols) {
      if (!protocol.startsWith(PROTOCOL) && !protocol.equals(PLAIN)) {
        left.add(protocol);
      }
    }
    return left;
  }

  @Override
  public String toString() {
    return token == null ? "no token" : "a token";
  }
}
