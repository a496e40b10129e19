package dev.dormouse.room;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A plain HTTP request to a room, with its whole body.
///
/// @param method in upper case
/// @param path what follows `/-/` in the address, without leading slash; empty for the room itself
/// @param query the decoded query parameters, each with its values in order
/// @param headers by lower-case name, each with its values in order
/// @param body at most the request limit of [RoomLimits]; not to be changed
/// @param identity who the client has shown to be; whether it may send this method is checked
///   before
public record HttpCall(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    byte[] body,
    Identity identity) {

  /// Of a client that nobody asked who he is.
  public HttpCall(
      String method,
      String path,
      Map<String, List<String>> query,
      Map<String, List<String>> headers,
      byte[] body) {
    this(method, path, query, headers, body, Identity.unasked());
  }

  /// A request without query, headers or body.
  public static HttpCall of(String method, String path) {
    return new HttpCall(method, path, Map.of(), Map.of(), new byte[0]);
  }

  public HttpCall withBody(String text) {
    return new HttpCall(
        method, path, query, headers, text.getBytes(StandardCharsets.UTF_8), identity);
  }

  /// The first value of a query parameter.
  public Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream().findFirst();
  }

  /// The first value of a header, by its name in any case.
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// The version that `If-Match` names, for [Storage#transition]: one strong entity tag holding a
  /// number (RFC 9110 section 13.1.1). `*` and an absent header give nothing.
  ///
  /// @throws Refusal.Refused with 400 if the header is anything else
  public OptionalLong ifMatch() {
    Optional<String> header = header("if-match").map(String::strip);
    if (header.isEmpty() || header.get().equals("*")) {
      return OptionalLong.empty();
    }
    String tag = header.get();
    if (tag.length() > 2 && tag.length() <= 20 && tag.startsWith("\"") && tag.endsWith("\"")) {
      String digits = tag.substring(1, tag.length() - 1);
      if (digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return OptionalLong.of(Long.parseLong(digits));
      }
    }
    throw new Refusal.Refused(400, "If-Match takes one version in quotes, such as \"17\"");
  }
}
