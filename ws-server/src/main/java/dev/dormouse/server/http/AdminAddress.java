package dev.dormouse.server.http;

import org.jspecify.annotations.Nullable;

/// What a path of the admin port means.
sealed interface AdminAddress {
  /// `/namespaces`: all namespaces.
  record Namespaces() implements AdminAddress {}

  /// `/rooms`: a list of rooms.
  record Rooms() implements AdminAddress {}

  /// `/rooms/{namespace}/{name}[/evict|/wake]`, or without a name for the room whose id stands in
  /// the query.
  ///
  /// @param name null if the room is named by its id
  record OfRoom(String namespace, @Nullable String name, Wish wish) implements AdminAddress {}

  /// Nothing is there.
  record Nothing() implements AdminAddress {}

  /// What is wanted of a room.
  enum Wish {
    LOOK("GET, HEAD"),
    EVICT("POST"),
    WAKE("POST");

    private final String methods;

    Wish(String methods) {
      this.methods = methods;
    }

    /// By which methods it is asked for.
    String methods() {
      return methods;
    }
  }

  /// Reads a path as it stood in the request line, still percent-encoded.
  ///
  /// @param posted whether something is to be done: the last part of a room's path then says what,
  ///   and is no part of the name
  /// @throws Problem.Found with 400 if it is not well formed or names no possible room
  static AdminAddress of(String raw, boolean posted) {
    String[] parts = raw.split("/", 4);
    if (parts.length < 2 || !parts[0].isEmpty()) {
      return new Nothing();
    }
    return switch (parts[1]) {
      case "namespaces" -> parts.length == 2 ? new Namespaces() : new Nothing();
      case "rooms" ->
          parts.length == 2
              ? new Rooms()
              : room(Decoding.path(parts[2]), parts.length == 4 ? parts[3] : null, posted);
      default -> new Nothing();
    };
  }

  private static AdminAddress room(String namespace, @Nullable String rest, boolean posted) {
    if (!posted || rest == null) {
      return new OfRoom(namespace, rest == null ? null : Address.name(rest), Wish.LOOK);
    }
    int slash = rest.lastIndexOf('/');
    String name = slash < 0 ? null : Address.name(rest.substring(0, slash));
    return switch (rest.substring(slash + 1)) {
      case "evict" -> new OfRoom(namespace, name, Wish.EVICT);
      case "wake" -> new OfRoom(namespace, name, Wish.WAKE);
      default -> new OfRoom(namespace, Address.name(rest), Wish.LOOK);
    };
  }
}
