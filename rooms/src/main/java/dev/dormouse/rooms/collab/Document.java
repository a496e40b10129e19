package dev.dormouse.rooms.collab;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.rooms.yjs.Coverage;
import dev.dormouse.rooms.yjs.MalformedUpdateException;
import dev.dormouse.rooms.yjs.Novelty;
import dev.dormouse.rooms.yjs.StateVector;
import dev.dormouse.rooms.yjs.StoredDocument;
import dev.dormouse.rooms.yjs.YLimits;
import dev.dormouse.rooms.yjs.YMessage;
import dev.dormouse.rooms.yjs.YUpdate;
import java.io.ByteArrayOutputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A document in memory and in the room's storage: a *snapshot*, and a *log* of the updates since.
///
/// Rows, all numbers in hexadecimal so that they sort: `snapshot/{piece}`, `log/{update}/{piece}`,
/// and `folded`, how many updates are in the snapshot. What is larger than a value may be is cut
/// into pieces.
///
/// Fields are guarded by the room's turn. They change only when nothing in the turn can throw any
/// more, so a refused update leaves memory and storage as they were (T4).
final class Document {
  /// The shape of the rows above.
  private static final int SCHEMA = 1;

  private static final String SNAPSHOT = "snapshot/";
  private static final String LOG = "log/";
  private static final String FOLDED = "folded";
  private static final int PIECE = 1 << 20;
  private static final byte[] NO_UPDATE = {0, 0};

  private final RoomContext context;
  private final YLimits limits;

  private StoredDocument stored;

  /// The log's keys as they are stored.
  private List<String> log = new ArrayList<>();

  /// How many updates were ever taken.
  private long updates;

  private int snapshotPieces;

  /// What who knows nothing was told last, and the content that it was made from.
  private WeakReference<byte[]> answer = new WeakReference<>(null);

  private WeakReference<YUpdate> answered = new WeakReference<>(null);

  /// A judgement that undoes what was written so far.
  private static final class NotTaken extends Exception {
    private static final long serialVersionUID = 1;

    private final Novelty novelty;

    NotTaken(Novelty novelty) {
      super(novelty.name(), null, false, false);
      this.novelty = novelty;
    }
  }

  /// An empty one, until [#open].
  Document(RoomContext context, YLimits limits) {
    this.context = context;
    this.limits = limits;
    this.stored = StoredDocument.empty(limits);
  }

  /// Reads what is stored.
  ///
  /// @throws IllegalStateException if it is not what was written
  void open() {
    Storage storage = context.storage();
    if (storage.schema() > SCHEMA) {
      throw new IllegalStateException(
          "%s was written by a newer version (schema %d, known are those up to %d): update the server"
              .formatted(context.id(), storage.schema(), SCHEMA));
    }
    ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
    snapshotPieces = 0;
    for (Optional<byte[]> piece = storage.get(SNAPSHOT + hex(0, 4));
        piece.isPresent();
        piece = storage.get(SNAPSHOT + hex(snapshotPieces, 4))) {
      snapshot.writeBytes(piece.get());
      snapshotPieces++;
    }
    log = new ArrayList<>();
    List<byte[]> logged = new ArrayList<>();
    for (Storage.Entry entry : storage.list(KeyRange.prefixed(LOG))) {
      boolean continues = !log.isEmpty() && update(log.getLast()).equals(update(entry.key()));
      logged.add(continues ? joined(logged.removeLast(), entry.value()) : entry.value());
      log.add(entry.key());
    }
    updates = storage.getText(FOLDED).map(Long::parseLong).orElse(0L) + logged.size();
    try {
      stored =
          StoredDocument.open(
              snapshotPieces == 0 ? NO_UPDATE : snapshot.toByteArray(), logged, limits);
    } catch (MalformedUpdateException e) {
      throw new IllegalStateException(
          "the stored document of %s cannot be read; restore it from a backup"
              .formatted(context.id()),
          e);
    }
    context.holds(stored.memory());
  }

  private static String update(String logKey) {
    return logKey.substring(0, logKey.lastIndexOf('/'));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /// Whether `update` would change anything.
  boolean isNew(YUpdate update) {
    return stored.isNew(update);
  }

  /// Stores `update` if it is new; nothing is written otherwise.
  ///
  /// @throws Refusal.StorageFull if it is new, but nothing can be written at present
  /// @throws Refusal.RoomFull if it is new, and the room has no space for it
  /// @throws Refusal.Overloaded if it is new, and the server has no memory for it at present
  Novelty take(YUpdate update) {
    try {
      List<String> rows =
          context
              .storage()
              .transaction(() -> {
                // Written first, because what follows cannot be taken back.
                List<String> written = writePieces(LOG + hex(updates, 16) + "/", update.bytes());
                Novelty novelty = stored.offer(update, context::holds);
                if (novelty != Novelty.NEW) {
                  throw new NotTaken(novelty);
                }
                return written;
              });
      log.addAll(rows);
      updates++;
    } catch (NotTaken no) {
      return no.novelty;
    } catch (Refusal.StorageFull | Refusal.RoomFull full) {
      if (Coverage.of(stored.content()).isNew(update)) {
        throw full;
      }
      return Novelty.NOTHING_NEW;
    }
    if (stored.wantsFold()) {
      fold();
    }
    return Novelty.NEW;
  }

  private void fold() {
    byte[] snapshot = stored.fold().bytes();
    try {
      context
          .storage()
          .transaction(() -> {
            context.storage().schema(SCHEMA);
            context.storage().putText(FOLDED, Long.toString(updates));
            int pieces = writePieces(SNAPSHOT, snapshot).size();
            for (int piece = pieces; piece < snapshotPieces; piece++) {
              context.storage().delete(SNAPSHOT + hex(piece, 4));
            }
            log.forEach(context.storage()::delete);
            snapshotPieces = pieces;
            log.clear();
            return null;
          });
    } catch (Refusal.StorageFull | Refusal.RoomFull _) {
      // The rows hold the same as before, only longer: a later fold takes the log with it.
    }
  }

  private List<String> writePieces(String prefix, byte[] bytes) {
    context.storage().schema(SCHEMA);
    List<String> keys = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += PIECE) {
      String key = prefix + hex(keys.size(), 4);
      context
          .storage()
          .put(key, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE)));
      keys.add(key);
    }
    return keys;
  }

  private static String hex(long number, int digits) {
    return String.format("%0" + digits + "x", number);
  }

  StateVector stateVector() {
    return stored.stateVector();
  }

  /// Tells somebody who knows `known` what he lacks. All who know nothing get the same bytes, for
  /// as long as the document is the same and one of them is still being sent it: it may be large,
  /// and they may be many.
  Message answer(StateVector known) {
    if (!known.equals(StateVector.EMPTY)) {
      return Message.of(new YMessage.SyncStep2(stored.diff(known)).encode());
    }
    byte[] same = answered.refersTo(stored.content()) ? answer.get() : null;
    if (same == null) {
      same = new YMessage.SyncStep2(stored.diff(known)).encode();
      answer = new WeakReference<>(same);
      answered = new WeakReference<>(stored.content());
    }
    return Message.of(same);
  }

  /// All of it as one update.
  YUpdate content() {
    return stored.content();
  }

  /// How many updates were ever taken.
  long updates() {
    return updates;
  }
}
