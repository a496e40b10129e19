package dev.dormouse.room;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A client's wish to connect, as its WebSocket handshake stated it.
///
/// @param query the decoded query parameters, each with its values in order
/// @param headers by lower-case name, each with its values in order
/// @param subProtocols what the client offers, in its order of preference
/// @param remoteAddress the client's address as text, without port; behind a proxy that is not
///   trusted (`--trusted-proxies`) the proxy's
/// @param identity who the client has shown to be
public record Upgrade(
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    List<String> subProtocols,
    String remoteAddress,
    Identity identity) {

  /// Of a client that nobody asked who he is.
  public Upgrade(
      Map<String, List<String>> query,
      Map<String, List<String>> headers,
      List<String> subProtocols,
      String remoteAddress) {
    this(query, headers, subProtocols, remoteAddress, Identity.unasked());
  }

  /// The first value of a query parameter.
  public Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream().findFirst();
  }

  /// The first value of a header, by its name in any case.
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), List.of()).stream()
        .findFirst();
  }
}
