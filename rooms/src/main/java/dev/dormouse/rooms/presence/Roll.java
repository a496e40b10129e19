package dev.dormouse.rooms.presence;

import dev.dormouse.room.Connection;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.presence.Frame.Person;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who is here, and who has yet to be told of what.
///
/// Who is here is read off the connections: each is tagged with its user and has the user's info
/// attached, the same on all connections of one user. So it outlives sleep, and nothing else need.
///
/// What changes is told in one frame once everything that had already arrived is dealt with: when a
/// thousand lines break at once the others hear of it once, and who only reloaded a page was never
/// gone. Between a change and that frame the room is awake.
///
/// Fields are guarded by the room's turn, and lost with the instance: after a reset everybody is
/// told everything.
final class Roll {
  private static final String USER = "user:";

  private final RoomContext context;

  /// For each user with news, who they were when the others last heard of them.
  private final Map<String, Optional<Person>> before = new LinkedHashMap<>();

  /// Connections that have not been told who is here.
  private final List<Long> newcomers = new ArrayList<>();

  private boolean telling;

  Roll(RoomContext context) {
    this.context = context;
  }

  static String tag(String user) {
    return USER + user;
  }

  static byte[] attachment(String info) {
    return info.getBytes(StandardCharsets.UTF_8);
  }

  /// How many connections a user has.
  long tabs(String user) {
    return context.connections().stream(tag(user)).count();
  }

  /// Everybody who is here, in the order in which they came.
  Collection<Person> everybody() {
    Map<String, Person> people = new LinkedHashMap<>();
    context.connections().stream()
        .map(Roll::person)
        .forEach(it -> people.putIfAbsent(it.user(), it));
    return people.values();
  }

  /// A connection has come; its info, if it brought one, is its user's from now on.
  void comes(Connection connection) {
    Person person = person(connection);
    Optional<Person> known = elsewhere(connection);
    news(person.user(), known);
    newcomers.add(connection.key());
    known.ifPresent(it -> {
      String info = person.info() != null ? person.info() : it.info();
      if (info != null) {
        attach(person.user(), info);
      }
    });
  }

  /// A user says something else of themselves.
  void changes(Connection connection, String info) {
    Person person = person(connection);
    news(person.user(), Optional.of(person));
    attach(person.user(), info);
  }

  /// A connection has gone.
  void goes(Connection connection) {
    newcomers.remove(connection.key());
    news(user(connection), elsewhere(connection).or(() -> Optional.of(person(connection))));
  }

  /// Its user, as another connection of theirs has them.
  private Optional<Person> elsewhere(Connection connection) {
    return context.connections().stream(tag(user(connection)))
        .filter(other -> !other.equals(connection))
        .findFirst()
        .map(Roll::person);
  }

  private void attach(String user, String info) {
    byte[] attachment = attachment(info);
    context.connections().stream(tag(user)).forEach(each -> each.attach(attachment));
  }

  /// Whose connection it is.
  static String user(Connection connection) {
    return connection.tags().stream()
        .filter(tag -> tag.startsWith(USER))
        .map(tag -> tag.substring(USER.length()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(connection + " is nobody's"));
  }

  private static Person person(Connection connection) {
    String info = new String(connection.attachment(), StandardCharsets.UTF_8);
    return new Person(user(connection), info.isEmpty() ? null : info);
  }

  private void news(String user, Optional<Person> known) {
    before.putIfAbsent(user, known);
    if (!telling) {
      telling = true;
      context.afterReply(() -> {
        tell();
        return null;
      });
    }
  }

  private void tell() {
    telling = false;
    Connection[] fresh =
        newcomers.stream()
            .flatMap(key -> context.connections().find(key).stream())
            .toArray(Connection[]::new);
    newcomers.clear();
    Frame.Diff diff = diff();
    before.clear();
    if (!diff.isEmpty()) {
      context.connections().broadcast(diff.framed(), fresh);
    }
    if (fresh.length > 0) {
      var here = new Frame.Here(everybody()).framed();
      for (Connection each : fresh) {
        each.send(here);
      }
    }
  }

  private Frame.Diff diff() {
    List<Person> joined = new ArrayList<>();
    List<String> left = new ArrayList<>();
    List<Person> changed = new ArrayList<>();
    before.forEach((user, was) -> {
      Optional<Person> is = context.connections().stream(tag(user)).findFirst().map(Roll::person);
      if (is.isEmpty()) {
        was.ifPresent(_ -> left.add(user));
      } else if (was.isEmpty()) {
        joined.add(is.get());
      } else if (!was.equals(is)) {
        changed.add(is.get());
      }
    });
    return new Frame.Diff(joined, left, changed);
  }
}
