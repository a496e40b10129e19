package dev.dormouse.saga.facility;

import dev.dormouse.room.spi.RoomStore.MarkCount;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.engine.RowCodec;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// How many sagas of a node are how far, and since when: one question to the store, by which no
/// room is woken; as of each room's last commit. Thread-safe.
///
/// ```java
/// SagaCounts counts = new SagaCounts(prefix -> node.countMarks("saga", prefix));
/// ```
public final class SagaCounts {

  /// The node's index of notes.
  public interface Notes {
    /// How many marks of the saga facility there are below `prefix`, by folder.
    CompletableFuture<List<MarkCount>> count(String prefix);
  }

  /// The sagas of one version of one definition that are equally far.
  ///
  /// @param oldest when the first of them was started
  public record Standing(
      String definition, int version, SagaStatus status, long sagas, Instant oldest) {}

  private final Notes notes;

  public SagaCounts(Notes notes) {
    this.notes = notes;
  }

  /// All that have not ended, in the order of status, definition and version. Costs the store's
  /// reader a few microseconds for each.
  public CompletableFuture<List<Standing>> open() {
    return notes
        .count(Marks.OPEN)
        .thenApply(all -> all.stream().map(SagaCounts::standing).toList());
  }

  private static Standing standing(MarkCount count) {
    // The least note is that of the oldest saga: see [RowCodec#note].
    Marks name = Marks.parse(count.folder());
    return new Standing(
        name.definition(),
        name.version(),
        name.status(),
        count.count(),
        Instant.ofEpochMilli(RowCodec.note(count.least()).started()));
  }
}
