package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.RoomStore.Mark;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SagaView;
import dev.dormouse.saga.engine.Definitions;
import dev.dormouse.saga.engine.RowCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// All sagas of a node, found without waking a room: as of each room's last commit. Thread-safe.
///
/// ```java
/// SagaRegister register =
///     new SagaRegister(
///         (prefix, after, limit) -> node.marks("saga", prefix, after, limit),
///         (room, prefix, limit) -> node.durable(room, "saga", prefix, limit),
///         definitions);
/// ```
public final class SagaRegister {

  /// The node's index of notes and its rooms' rows.
  public interface Notes {
    /// The marks of the saga facility below `prefix`, in the order of name, then room.
    CompletableFuture<List<Mark>> marks(String prefix, @Nullable Mark after, int limit);
  }

  /// A room's durable rows of the saga facility, without their prefix.
  public interface Rows {
    CompletableFuture<List<Storage.Entry>> durable(RoomId room, String prefix, int limit);
  }

  /// Which sagas: all that match.
  ///
  /// @param status empty for every status that is open, or ended
  /// @param ended whether to look among those that have ended, if `status` is empty
  /// @param definition empty for all
  public record Query(Optional<SagaStatus> status, boolean ended, Optional<String> definition) {
    public static Query open() {
      return new Query(Optional.empty(), false, Optional.empty());
    }

    public static Query of(SagaStatus status) {
      return new Query(Optional.of(status), status.ended(), Optional.empty());
    }

    List<String> prefixes() {
      return statuses().stream()
          .map(each ->
              definition.map(name -> Marks.below(each, name)).orElseGet(() -> Marks.below(each)))
          .toList();
    }

    private List<SagaStatus> statuses() {
      return status
          .map(List::of)
          .orElseGet(() ->
              Arrays.stream(SagaStatus.values()).filter(each -> each.ended() == ended).toList());
    }
  }

  /// One saga of a page.
  ///
  /// @param cause why it went back or was parked, cut to 200 characters; empty if it never did
  public record Listed(
      RoomId room,
      String saga,
      String definition,
      int version,
      SagaStatus status,
      boolean paused,
      Instant started,
      Instant changed,
      String cause) {}

  /// @param sagas by status, definition, version and id
  /// @param next to be handed to the next call; empty if this was the last page
  public record Page(List<Listed> sagas, String next) {}

  /// A definition in use.
  ///
  /// @param open how many open sagas of it there are; 1,000,000 of each status at most are counted
  /// @param room the room of one of them
  /// @param saga its id there
  public record InUse(String definition, int version, long open, RoomId room, String saga) {
    @Override
    public String toString() {
      return "%s/%d: %d open, such as '%s' of %s".formatted(definition, version, open, saga, room);
    }
  }

  private final Notes notes;
  private final Rows rows;
  private final Definitions definitions;

  /// @param definitions those of this process
  public SagaRegister(Notes notes, Rows rows, Collection<? extends Saga<?>> definitions) {
    this.notes = notes;
    this.rows = rows;
    this.definitions = new Definitions(definitions);
  }

  /// @param after empty for the first page, or what the page before says
  /// @param limit 1 to 1,000
  /// @throws IllegalArgumentException if `after` is none
  public CompletableFuture<Page> page(Query query, String after, int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("a page has 1 to 1,000 sagas, not " + limit);
    }
    @Nullable Mark from = after.isEmpty() ? null : Cursor.parse(after);
    return page(query.prefixes(), from, limit, new ArrayList<>());
  }

  /// Goes through the statuses one after the other until the page is full.
  private CompletableFuture<Page> page(
      List<String> prefixes, @Nullable Mark after, int limit, List<Mark> found) {
    if (prefixes.isEmpty()) {
      return CompletableFuture.completedFuture(new Page(listed(found), ""));
    }
    String prefix = prefixes.getFirst();
    List<String> rest = prefixes.subList(1, prefixes.size());
    if (after != null && !after.name().startsWith(prefix)) {
      return page(rest, after, limit, found);
    }
    return notes
        .marks(prefix, after, limit - found.size())
        .thenCompose(marks -> {
          found.addAll(marks);
          return found.size() < limit
              ? page(rest, null, limit, found)
              : CompletableFuture.completedFuture(
                  new Page(listed(found), Cursor.text(found.getLast())));
        });
  }

  private static List<Listed> listed(List<Mark> marks) {
    return marks.stream()
        .map(mark -> {
          Marks name = Marks.parse(mark.name());
          RowCodec.Note note = RowCodec.note(mark.note());
          return new Listed(
              mark.room(),
              name.saga(),
              name.definition(),
              name.version(),
              name.status(),
              note.paused(),
              Instant.ofEpochMilli(note.started()),
              Instant.ofEpochMilli(note.changed()),
              note.cause());
        })
        .toList();
  }

  /// All there is to see of a saga; empty if there is none.
  ///
  /// @throws IllegalArgumentException if no saga can have that id
  public CompletableFuture<Optional<SagaView>> view(RoomId room, String saga) {
    return new Reading(definitions, (prefix, limit) -> rows.durable(room, prefix, limit), saga)
        .view();
  }

  /// Which definitions open sagas run on, with how many.
  public CompletableFuture<List<InUse>> openDefinitions() {
    return new Census(notes).taken();
  }

  /// Those of [#openDefinitions] that are not among the definitions of this process. It must not
  /// serve while there are any: their sagas could not go on.
  public CompletableFuture<List<InUse>> missing() {
    return openDefinitions()
        .thenApply(all ->
            all.stream()
                .filter(use -> definitions.find(use.definition(), use.version()).isEmpty())
                .toList());
  }
}
