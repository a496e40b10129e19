package dev.dormouse.server.http;

/// What a path of the server means.
sealed interface Address {
  /// How many characters a room's name has at most (I1).
  int MAX_NAME = 1024;

  /// `/{namespace}/{name}`: a room's WebSockets.
  record OfRoom(String namespace, String name) implements Address {}

  /// `/rooms/{namespace}/{name}[/-/{path}]`: a room's requests.
  record OfRequest(String namespace, String name, String path) implements Address {}

  /// `/status/{namespace}/{name}`: whether a room is awake.
  record OfStatus(String namespace, String name) implements Address {}

  /// `/healthz`: whether the process lives.
  record Health() implements Address {}

  /// `/readyz`: whether it can do its work.
  record Ready() implements Address {}

  /// `/metrics`: what it has counted.
  record Metrics() implements Address {}

  /// Anything else: a page, or nothing.
  record OfPage(String path) implements Address {}

  /// Reads a path as it stood in the request line, still percent-encoded.
  ///
  /// @throws Problem.Found with 400 if it is not well formed or names no possible room
  static Address of(String raw) {
    return switch (raw) {
      case "/healthz" -> new Health();
      case "/readyz" -> new Ready();
      case "/metrics" -> new Metrics();
      default -> {
        String[] parts = raw.split("/", 3);
        if (parts.length < 3 || !parts[0].isEmpty()) {
          yield new OfPage(Decoding.path(raw));
        }
        yield switch (parts[1]) {
          case "rooms" -> request(parts[2]);
          case "status" -> {
            String[] room = room(parts[2]);
            yield new OfStatus(room[0], room[1]);
          }
          default ->
              parts[2].isEmpty()
                  ? new OfPage(Decoding.path(raw))
                  : new OfRoom(Decoding.path(parts[1]), name(parts[2]));
        };
      }
    };
  }

  private static Address request(String raw) {
    int separator = raw.indexOf("/-/");
    String[] room = room(separator < 0 ? raw : raw.substring(0, separator));
    String path = separator < 0 ? "" : Decoding.path(raw.substring(separator + 3));
    return new OfRequest(room[0], room[1], path);
  }

  private static String[] room(String raw) {
    int slash = raw.indexOf('/');
    String namespace = Decoding.path(slash < 0 ? raw : raw.substring(0, slash));
    return new String[] {namespace, name(slash < 0 ? "" : raw.substring(slash + 1))};
  }

  /// Decodes and checks a room's name.
  static String name(String raw) {
    String name = Decoding.path(raw);
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw Problem.of(
              400,
              "bad-name",
              "a room's name has 1 to " + MAX_NAME + " characters, not " + name.length())
          .found();
    }
    return name;
  }
}
