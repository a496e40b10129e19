package dev.dormouse.server.http;

import dev.dormouse.saga.engine.RowKeys;
import dev.dormouse.server.admin.Verb;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a path of the admin port means.
sealed interface AdminAddress {
  /// `/overview`: the numbers of everything.
  record Overview() implements AdminAddress {}

  /// `/namespaces`: all namespaces.
  record Namespaces() implements AdminAddress {}

  /// `/rooms`: a list of rooms.
  record Rooms() implements AdminAddress {}

  /// `/rooms/{namespace}/{name}[/evict|/wake|/abort]`, or without a name for the room whose id
  /// stands in the query.
  ///
  /// @param name null if the room is named by its id
  record OfRoom(String namespace, @Nullable String name, Wish wish) implements AdminAddress {}

  /// `/definitions`: all definitions of sagas.
  record Definitions() implements AdminAddress {}

  /// `/sagas`: a list of sagas.
  record Sagas() implements AdminAddress {}

  /// `/sagas/{namespace}/{room}/-/{saga}[/{verb}]`, or without `{room}/` for the room whose id
  /// stands in the query.
  ///
  /// @param name null if the room is named by its id
  /// @param verb what is to be done; empty to look
  record OfSaga(String namespace, @Nullable String name, String saga, Optional<Verb> verb)
      implements AdminAddress {}

  /// `/queues`: all queues and their groups.
  record Queues() implements AdminAddress {}

  /// `/queues/{queue}`: one queue.
  record OfQueue(String queue) implements AdminAddress {}

  /// `/queues/{queue}/-/log`: what lies in its log.
  record OfLog(String queue) implements AdminAddress {}

  /// `/queues/{queue}/{group}[/{wish}]`: a consumer group.
  record OfGroup(String queue, String group, GroupWish wish) implements AdminAddress {}

  /// `/backups`: makes a backup, or says how the last one stands.
  record Backups() implements AdminAddress {}

  /// `/keys/{namespace}/{name}`: what is stored of a room, or without a name of the room whose id
  /// stands in the query.
  ///
  /// @param name null if the room is named by its id
  record OfKeys(String namespace, @Nullable String name) implements AdminAddress {}

  /// `/connections/{namespace}/{name}`: who is connected to a room, or without a name to the room
  /// whose id stands in the query.
  ///
  /// @param name null if the room is named by its id
  record OfGuests(String namespace, @Nullable String name) implements AdminAddress {}

  /// `/sql/{namespace}/{name}`: a statement for a room's database, or without a name for the room
  /// whose id stands in the query.
  ///
  /// @param name null if the room is named by its id
  record OfSql(String namespace, @Nullable String name) implements AdminAddress {}

  /// Anything else: a page, or nothing.
  record OfPage(String path) implements AdminAddress {}

  /// What is wanted of a room.
  enum Wish {
    LOOK,
    EVICT,
    WAKE,
    ABORT
  }

  /// What is wanted of a consumer group.
  enum GroupWish {
    LOOK,
    MESSAGES,
    REDRIVE,
    PAUSE,
    RESUME,
    PURGE;

    boolean reading() {
      return this == LOOK || this == MESSAGES;
    }

    /// As it stands in the path.
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Optional<GroupWish> of(String word) {
      return Arrays.stream(values())
          .filter(wish -> wish != LOOK && wish.word().equals(word))
          .findFirst();
    }
  }

  /// Reads a path as it stood in the request line, still percent-encoded.
  ///
  /// @param posted whether something is to be done: the last part of a room's path then says what,
  ///   and is no part of the name
  /// @throws Problem.Found with 400 if it is not well formed or names no possible room or saga
  static AdminAddress of(String raw, boolean posted) {
    String[] parts = raw.split("/", 4);
    if (parts.length < 2 || !parts[0].isEmpty()) {
      return new OfPage(Decoding.path(raw));
    }
    boolean alone = parts.length == 2;
    return switch (parts[1]) {
      case "overview" -> alone ? new Overview() : new OfPage(Decoding.path(raw));
      case "namespaces" -> alone ? new Namespaces() : new OfPage(Decoding.path(raw));
      case "definitions" -> alone ? new Definitions() : new OfPage(Decoding.path(raw));
      case "backups" -> alone ? new Backups() : new OfPage(Decoding.path(raw));
      case "keys" ->
          alone
              ? new OfPage(Decoding.path(raw))
              : new OfKeys(
                  Decoding.path(parts[2]), parts.length == 4 ? Address.name(parts[3]) : null);
      case "connections" ->
          alone
              ? new OfPage(Decoding.path(raw))
              : new OfGuests(
                  Decoding.path(parts[2]), parts.length == 4 ? Address.name(parts[3]) : null);
      case "sql" ->
          alone
              ? new OfPage(Decoding.path(raw))
              : new OfSql(
                  Decoding.path(parts[2]), parts.length == 4 ? Address.name(parts[3]) : null);
      case "rooms" ->
          alone
              ? new Rooms()
              : room(Decoding.path(parts[2]), parts.length == 4 ? parts[3] : null, posted);
      case "sagas" -> alone ? new Sagas() : saga(raw, parts);
      case "queues" -> alone ? new Queues() : queue(raw, parts);
      default -> new OfPage(Decoding.path(raw));
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
      case "abort" -> new OfRoom(namespace, name, Wish.ABORT);
      default -> new OfRoom(namespace, Address.name(rest), Wish.LOOK);
    };
  }

  /// Ids of sagas and verbs have no slash in them, so the last `/-/` ends the room's name, whatever
  /// that is.
  private static AdminAddress saga(String raw, String[] parts) {
    // A slash in front, so that a path without a name has the mark too.
    String rest = parts.length == 4 ? "/" + parts[3] : "";
    int mark = rest.lastIndexOf("/-/");
    if (mark < 0) {
      return new OfPage(Decoding.path(raw));
    }
    String[] saga = rest.substring(mark + 3).split("/", 2);
    Optional<Verb> verb = saga.length == 1 ? Optional.empty() : Verb.of(saga[1]);
    if (saga.length == 2 && verb.isEmpty()) {
      return new OfPage(Decoding.path(raw));
    }
    return new OfSaga(
        Decoding.path(parts[2]),
        mark == 0 ? null : Address.name(rest.substring(1, mark)),
        sagaId(Decoding.path(saga[0])),
        verb);
  }

  private static String sagaId(String id) {
    try {
      RowKeys.check(id);
      return id;
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "bad-name", String.valueOf(e.getMessage())).found();
    }
  }

  private static AdminAddress queue(String raw, String[] parts) {
    String queue = Decoding.path(parts[2]);
    if (parts.length == 3) {
      return new OfQueue(queue);
    }
    String[] rest = parts[3].split("/", -1);
    String group = Decoding.path(rest[0]);
    if (rest.length == 1) {
      return new OfGroup(queue, group, GroupWish.LOOK);
    }
    if (parts[3].equals("-/log")) {
      return new OfLog(queue);
    }
    return rest.length > 2
        ? new OfPage(Decoding.path(raw))
        : GroupWish.of(rest[1])
            .<AdminAddress>map(wish -> new OfGroup(queue, group, wish))
            .orElseGet(() -> new OfPage(Decoding.path(raw)));
  }
}
