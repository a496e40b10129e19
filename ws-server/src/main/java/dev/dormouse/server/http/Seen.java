package dev.dormouse.server.http;

import dev.dormouse.server.access.Credentials;
import dev.dormouse.server.access.Denial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// What a room sees of a request: all that the client sent, but for its token.
///
/// @param query the decoded query parameters, each with its values in order
/// @param headers by lower-case name, each with its values in order
/// @param protocols the sub-protocols that it may choose of
/// @param plain whether the client is content with a sub-protocol that says nothing
/// @param credentials what the room does not see
record Seen(
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    List<String> protocols,
    boolean plain,
    Credentials credentials) {
  private static final String AUTHORIZATION = "authorization";
  private static final String PROTOCOL = "sec-websocket-protocol";

  /// @param asks whether tokens are asked for; if not, `Authorization` and the parameter are the
  ///   room's own affair
  /// @throws Problem.Found with 400 if there are several tokens, or the query is not UTF-8
  static Seen of(Request request, boolean asks) {
    Map<String, List<String>> query = Decoding.query(request.getHttpURI().getQuery());
    Map<String, List<String>> headers = headers(request);
    List<String> offered = request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, true);
    List<String> protocols = Credentials.speakable(offered);
    if (headers.containsKey(PROTOCOL)) {
      headers.put(PROTOCOL, List.of(String.join(", ", protocols)));
    }
    Credentials credentials = new Credentials(null);
    if (asks) {
      credentials = credentials(headers, query, offered);
      headers.computeIfPresent(
          AUTHORIZATION,
          (_, all) -> {
            List<String> others = all.stream().filter(it -> !Credentials.isBearer(it)).toList();
            return others.isEmpty() ? null : others;
          });
      query = new LinkedHashMap<>(query);
      query.remove(Credentials.PARAMETER);
    }
    return new Seen(query, headers, protocols, offered.contains(Credentials.PLAIN), credentials);
  }

  private static Credentials credentials(
      Map<String, List<String>> headers, Map<String, List<String>> query, List<String> offered) {
    try {
      return Credentials.of(
          headers.getOrDefault(AUTHORIZATION, List.of()),
          query.getOrDefault(Credentials.PARAMETER, List.of()),
          offered);
    } catch (Denial.Found several) {
      throw Problem.of(several).found();
    }
  }

  private static Map<String, List<String>> headers(Request request) {
    Map<String, List<String>> headers = new TreeMap<>();
    for (HttpField field : request.getHeaders()) {
      headers
          .computeIfAbsent(field.getLowerCaseName(), _ -> new ArrayList<>(1))
          .add(field.getValue() == null ? "" : field.getValue());
    }
    return headers;
  }

  /// Tells nothing: a record of a request is easily written down.
  @Override
  public String toString() {
    return "Seen[" + credentials + "]";
  }
}
