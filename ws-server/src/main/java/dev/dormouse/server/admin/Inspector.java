package dev.dormouse.server.admin;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.KeptAwake.Condition;
import dev.dormouse.room.spi.RoomReport;
import dev.dormouse.room.spi.RoomStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What an operator may ask about rooms, and do to them. No question wakes a room or makes one.
///
/// Methods block, for five seconds at most where they wait for one thing: call them on threads of
/// the [Execution]. They throw [IOException] where the state of rooms cannot be read, and
/// [TimeoutException] where the answer does not come in time.
public final class Inspector {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final List<Namespace> namespaces;
  private final RoomNode node;
  private final RoomStore store;
  private final Patience patience;

  /// @param store the node's
  public Inspector(
      List<Namespace> namespaces, RoomNode node, RoomStore store, Execution execution) {
    this.namespaces = namespaces.stream().sorted(Comparator.comparing(Namespace::name)).toList();
    this.node = node;
    this.store = store;
    this.patience = new Patience(execution, LIMIT);
  }

  /// A namespace, and how many of its rooms are awake.
  public record Populace(Namespace namespace, long awake) {}

  /// A page of rooms.
  ///
  /// @param rooms in order of namespace and id
  /// @param scanned how many rooms were looked at to find these
  /// @param next where to go on; null if there is no more
  public record Page(List<RoomReport> rooms, int scanned, @Nullable Cursor next) {}

  /// Every declared namespace, by name. Looks at each room in memory.
  public List<Populace> namespaces() {
    Map<String, Long> awake =
        node.awakeRooms().stream()
            .collect(Collectors.groupingBy(RoomId::namespace, Collectors.counting()));
    return namespaces.stream()
        .map(namespace -> new Populace(namespace, awake.getOrDefault(namespace.name(), 0L)))
        .toList();
  }

  /// Why rooms cannot be changed at present; empty if they can.
  public Optional<String> trouble() {
    return store.trouble();
  }

  /// The names of all declared namespaces, in order.
  public List<String> names() {
    return namespaces.stream().map(Namespace::name).toList();
  }

  /// Rooms that have something stored or are in memory.
  public Page rooms(RoomQuery query) throws IOException, TimeoutException, InterruptedException {
    Listing.Found found = Listing.find(query, source());
    List<CompletableFuture<RoomReport>> asked = found.rooms().stream().map(node::report).toList();
    List<RoomReport> reports = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      RoomReport report = patience.on(asked.get(i), "looking at " + found.rooms().get(i));
      // It may have woken or fallen asleep since it was found.
      if (query.state().takes(report.awake())) {
        reports.add(named(report, found.rooms().get(i)));
      }
    }
    return new Page(reports, found.scanned(), found.next());
  }

  private Listing.Source source() {
    return new Listing.Source() {
      @Override
      public List<RoomId> awake(String namespace) {
        return node.awakeRooms().stream().filter(it -> it.namespace().equals(namespace)).toList();
      }

      @Override
      public List<RoomId> stored(String namespace, @Nullable RoomId after, int limit)
          throws IOException, TimeoutException, InterruptedException {
        return patience.on(
            store.rooms(namespace, after, limit), "listing the rooms of '" + namespace + "'");
      }
    };
  }

  /// What is known of one room; empty if there is no such room: it is not in memory, has no
  /// connections, and nothing is stored of it (S6).
  public Optional<RoomReport> look(RoomId room)
      throws IOException, TimeoutException, InterruptedException {
    RoomReport report = patience.on(node.report(room), "looking at " + room);
    if (report.awake()) {
      return Optional.of(named(report, room));
    }
    Optional<RoomId> stored = stored(room);
    return stored.isPresent() || report.connections() > 0
        ? Optional.of(named(report, stored.orElse(room)))
        : Optional.empty();
  }

  private Optional<RoomId> stored(RoomId room)
      throws IOException, TimeoutException, InterruptedException {
    return patience
        .on(store.rooms(room.namespace(), before(room), 1), "looking for " + room)
        .stream()
        .filter(room::equals)
        .map(it -> it.name().isPresent() ? it : room)
        .findFirst();
  }

  /// The id right before another; null if that is the first.
  private static @Nullable RoomId before(RoomId room) {
    byte[] bytes = room.bytes();
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i]-- != 0) {
        return RoomId.of(room.namespace(), bytes, null);
      }
    }
    return null;
  }

  private static RoomReport named(RoomReport report, RoomId room) {
    return report.room().name().isPresent()
        ? report
        : new RoomReport(
            room, report.awake(), report.connections(), report.since(), report.keptAwake());
  }

  /// Puts a room to sleep at once, unless something keeps it awake; its connections stay open.
  ///
  /// @return what keeps it awake; empty if it sleeps
  public List<KeptAwake> evict(RoomId room)
      throws IOException, TimeoutException, InterruptedException {
    return patience.on(node.evict(room), "putting " + room + " to sleep");
  }

  /// Wakes a room that sleeps, and waits until it has been started.
  ///
  /// @throws TimeoutException if it is not awake in time; it may be later
  public void wake(RoomId room) throws IOException, TimeoutException, InterruptedException {
    RoomReport report = patience.on(node.report(room), "looking at " + room);
    if (report.awake() && !isLoading(report)) {
      return;
    }
    try {
      var _ = patience.on(node.stir(room), "waking " + room);
    } catch (TimeoutException e) {
      report = patience.on(node.report(room), "looking at " + room);
      throw new TimeoutException(e.getMessage() + ": " + Why.of(report));
    }
  }

  /// Ends a room's incarnation, whatever it is at (T5); its connections and what is stored stay,
  /// and the next event builds another. Does not block.
  ///
  /// @param why for those whose work ends with it
  /// @return whether there was one
  public boolean abort(RoomId room, String why) {
    return node.abort(room, why);
  }

  private static boolean isLoading(RoomReport report) {
    return report.keptAwake().stream().anyMatch(it -> it.condition() == Condition.LOADING);
  }
}
