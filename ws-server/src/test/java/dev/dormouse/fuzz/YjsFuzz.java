package dev.dormouse.fuzz;

import dev.dormouse.rooms.yjs.MalformedUpdateException;
import dev.dormouse.rooms.yjs.Novelty;
import dev.dormouse.rooms.yjs.StateVector;
import dev.dormouse.rooms.yjs.StoredDocument;
import dev.dormouse.rooms.yjs.YLimits;
import dev.dormouse.rooms.yjs.YMessage;
import dev.dormouse.rooms.yjs.YUpdate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Frames of y-protocols from strangers, one after the other into one document: each is refused
/// with [MalformedUpdateException], or leaves a document that can be stored, opened and told.
///
/// An input is frames behind their lengths of two bytes; the last one is what is left.
public final class YjsFuzz {
  private static final YLimits LIMITS =
      new YLimits(1 << 16, 5_000, 500, 1L << 48, 50, 1 << 12, 1 << 17, 1 << 10, 16, 1 << 14);

  private YjsFuzz() {}

  /// Called by the fuzzer. Throws if anything is not as it should be.
  public static void fuzzerTestOneInput(byte[] input) throws MalformedUpdateException {
    StoredDocument document = StoredDocument.empty(LIMITS);
    List<byte[]> log = new ArrayList<>();
    for (int at = 0; at < input.length; ) {
      int size = input.length - at;
      if (size > 2) {
        size = Math.min(size - 2, (input[at] & 0xff) << 8 | (input[at + 1] & 0xff));
        at += 2;
      }
      hear(document, log, Arrays.copyOfRange(input, at, at + size));
      at += size;
    }
    canBeStored(document, log);
  }

  private static void hear(StoredDocument document, List<byte[]> log, byte[] frame)
      throws MalformedUpdateException {
    YMessage message;
    try {
      message = YMessage.parse(frame, LIMITS);
    } catch (MalformedUpdateException e) {
      require(e.getMessage() != null && !e.getMessage().isBlank(), "refused without a word");
      return;
    }
    byte[] again = message.encode();
    require(Arrays.equals(YMessage.parse(again, LIMITS).encode(), again), "said differently");
    switch (message) {
      case YMessage.SyncStep1(StateVector known) -> {
        YUpdate lacking = document.diff(known);
        YUpdate.decode(lacking.bytes(), LIMITS.stored());
      }
      case YMessage.SyncStep2(YUpdate update) -> offer(document, log, update);
      case YMessage.Update(YUpdate update) -> offer(document, log, update);
      case YMessage.AwarenessMessage _, YMessage.Auth _, YMessage.QueryAwareness _ -> {}
    }
  }

  private static void offer(StoredDocument document, List<byte[]> log, YUpdate update) {
    if (document.offer(update) == Novelty.NEW) {
      log.add(update.bytes());
      require(document.offer(update) == Novelty.NOTHING_NEW, "new twice");
    }
  }

  private static void canBeStored(StoredDocument document, List<byte[]> log)
      throws MalformedUpdateException {
    YUpdate content = document.content();
    YUpdate.decode(content.bytes(), LIMITS.stored());
    StoredDocument opened = StoredDocument.open(YUpdate.EMPTY.bytes(), log, LIMITS);
    // Two that contradict each other, which only strangers send, may be told either way.
    require(log.size() > 1 || opened.content().equals(content), "the log tells another document");
    YUpdate twice = YUpdate.merge(List.of(content, content));
    require(isButForKeyFlags(twice.bytes(), content.bytes()), "twice is not once");
    require(YUpdate.merge(List.of(twice, twice)).equals(twice), "four times is not twice");
    require(opened.stateVector().equals(document.stateVector()), "the log knows something else");
    YUpdate nothing = document.diff(document.stateVector());
    YUpdate.decode(nothing.bytes(), LIMITS.stored());
    StateVector before = document.stateVector();
    YUpdate folded = document.fold();
    StoredDocument reopened = StoredDocument.open(folded.bytes(), List.of(), LIMITS);
    require(reopened.stateVector().equals(before), "folding forgot something");
  }

  /// Whether `again` is `bytes`, written once more. What is cut from a map's entry bears the flag
  /// of a key (0x20) beside that of an origin (0x80), as Yjs writes it; nobody reads it there, so
  /// it is not written again.
  private static boolean isButForKeyFlags(byte[] again, byte[] bytes) {
    if (again.length != bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      boolean flagged = (bytes[i] & 0xa0) == 0xa0;
      if (again[i] != bytes[i] && !(flagged && again[i] == (byte) (bytes[i] & ~0x20))) {
        return false;
      }
    }
    return true;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
