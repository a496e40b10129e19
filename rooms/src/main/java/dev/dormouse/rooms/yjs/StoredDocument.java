package dev.dormouse.rooms.yjs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// One shared document as a server holds it: a *snapshot* and the *log* of updates since, which
/// together are stored by the caller, and here only mirrored in memory.
///
/// The way of an update: [#offer] says whether it is new; if so the caller appends its bytes to its
/// log and relays it once they are durable. When [#wantsFold] says so, the caller replaces snapshot
/// and log by the result of [#fold] in one transaction. After a restart [#open] takes both again.
///
/// A newcomer gets [#diff] to its state vector. Not safe for several threads: a room's turn guards
/// it.
public final class StoredDocument {
  /// The log is folded when it weighs a quarter of the snapshot, so that rewriting the snapshot
  /// costs each stored byte about four more in the long run, and opening stays near the cost of
  /// reading the snapshot.
  private static final int SNAPSHOT_TO_LOG = 4;

  private static final int SMALLEST_FOLD_BYTES = 64 << 10;

  /// A log of many tiny updates is folded by number: each row costs more than its bytes.
  private static final int FOLD_UPDATES = 500;

  private static final int LARGE_SNAPSHOT_BYTES = 1 << 20;

  /// What a client and a range take of memory, in bytes; see [YLimits].
  private static final long CLIENT = 350;

  private static final long RANGE = 16;

  private final YLimits limits;

  /// Of all that is [#merged] and [#unmerged].
  private Coverage coverage;

  /// Everything up to the last use of [#content].
  private YUpdate merged;

  /// What came since.
  private final List<YUpdate> unmerged = new ArrayList<>();

  private long unmergedBytes;
  private int snapshotBytes;
  private int loggedUpdates;
  private long loggedBytes;

  private StoredDocument(YUpdate snapshot, List<YUpdate> log, YLimits limits) {
    this.limits = limits;
    this.merged = snapshot;
    this.coverage = Coverage.of(snapshot);
    this.snapshotBytes = snapshot.size();
    log.forEach(this::append);
  }

  /// A document without content.
  public static StoredDocument empty(YLimits limits) {
    return new StoredDocument(YUpdate.EMPTY, List.of(), limits);
  }

  /// A document as it was stored.
  ///
  /// @param snapshot the bytes of the last [#fold], or `00 00`, the empty update, if there was none
  /// @param log the updates appended since, in any order
  /// @throws MalformedUpdateException if the bytes are not what was stored
  public static StoredDocument open(byte[] snapshot, List<byte[]> log, YLimits limits)
      throws MalformedUpdateException {
    YLimits stored = limits.stored();
    List<YUpdate> updates = new ArrayList<>(log.size());
    for (byte[] bytes : log) {
      updates.add(YUpdate.decode(bytes, stored));
    }
    return new StoredDocument(YUpdate.decode(snapshot, stored), updates, limits);
  }

  /// Judges `update` and, if it is new, makes it part of the document. If storing it then fails,
  /// this object is ahead of what is stored and has to be opened again.
  public Novelty offer(YUpdate update) {
    return offer(update, _ -> {});
  }

  /// Like [#offer(YUpdate)].
  ///
  /// @param grows told what the document will take of memory with a new update, in bytes, before it
  ///   is taken; if that throws, the document is as before
  public Novelty offer(YUpdate update, LongConsumer grows) {
    Coverage.Growth growth = coverage.growth(update);
    if (growth.ranges() == 0) {
      return Novelty.NOTHING_NEW;
    }
    if (!fits(growth) || !fits(update)) {
      return Novelty.TOO_LARGE;
    }
    grows.accept(memory() + memory(update.size(), growth.clients(), growth.ranges()));
    append(update);
    return Novelty.NEW;
  }

  /// Clients and ranges take far more memory than bytes: a few bytes name a client that takes
  /// hundreds. So a document has no more of them than one update may, which is what an editor that
  /// comes for the first time has to be sent, and an offline one sends. A document that has more
  /// from before can still be opened and read.
  private boolean fits(Coverage.Growth growth) {
    boolean clients =
        growth.clients() == 0 || coverage.clients() + growth.clients() <= limits.clients();
    return clients && coverage.ranges() + (long) growth.ranges() <= limits.structs();
  }

  private boolean fits(YUpdate update) {
    return merged.size() + unmergedBytes + update.size() <= limits.documentBytes()
        || content().size() + (long) update.size() <= limits.documentBytes();
  }

  /// Whether `update` holds anything that this document does not.
  public boolean isNew(YUpdate update) {
    return coverage.isNew(update);
  }

  private void append(YUpdate update) {
    coverage.add(update);
    unmerged.add(update);
    unmergedBytes += update.size();
    loggedUpdates++;
    loggedBytes += update.size();
  }

  /// What this document knows; the payload of a server's first sync step.
  public StateVector stateVector() {
    return coverage.stateVector();
  }

  /// What somebody who knows `known` lacks. Takes time linear in the size of the document.
  public YUpdate diff(StateVector known) {
    return content().diff(known);
  }

  /// The whole document as one update.
  public YUpdate content() {
    if (!unmerged.isEmpty()) {
      List<YUpdate> all = new ArrayList<>(unmerged.size() + 1);
      all.add(merged);
      all.addAll(unmerged);
      become(YUpdate.merge(all));
      unmerged.clear();
      unmergedBytes = 0;
    }
    return merged;
  }

  /// Another spelling of all there is; what it covers is the same, and shares its memory from here
  /// on.
  private void become(YUpdate all) {
    merged = all;
    coverage = Coverage.of(all);
  }

  /// What the document takes of memory, in bytes, roughly: its bytes twice, since merging them and
  /// telling a newcomer makes them anew, and what is known of its clients and ranges.
  public long memory() {
    return memory(merged.size() + unmergedBytes, coverage.clients(), coverage.ranges());
  }

  private static long memory(long bytes, long clients, long ranges) {
    return 2 * bytes + CLIENT * clients + RANGE * ranges;
  }

  /// Whether the stored log has grown so long that a new snapshot is worth writing.
  public boolean wantsFold() {
    long enoughUpdates = FOLD_UPDATES * Math.max(1L, snapshotBytes / LARGE_SNAPSHOT_BYTES);
    long enoughBytes = Math.max(SMALLEST_FOLD_BYTES, snapshotBytes / SNAPSHOT_TO_LOG);
    return loggedUpdates >= enoughUpdates || loggedBytes >= enoughBytes;
  }

  /// The new snapshot. The caller stores it and deletes its log in one transaction; from here on
  /// the log counts as empty.
  public YUpdate fold() {
    YUpdate snapshot = Compaction.compacted(content());
    become(snapshot);
    snapshotBytes = snapshot.size();
    loggedUpdates = 0;
    loggedBytes = 0;
    return snapshot;
  }
}
