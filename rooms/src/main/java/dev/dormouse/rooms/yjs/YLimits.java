package dev.dormouse.rooms.yjs;

/// How much of everything strangers may send. The defaults let every honest editor through and keep
/// one hostile connection from taking the room's memory or time.
///
/// Cost of reading is linear in bytes, so `updateBytes` bounds the time; the other limits bound
/// what few bytes can ask for.
///
/// @param updateBytes bytes of one update, state vector or frame; default 16 MiB, because an editor
///   that was offline, or pastes a picture, sends all of it as one update
/// @param structs pieces (insertions, gaps) in one update, and likewise delete ranges; also what a
///   document has of ranges that were written or deleted and do not touch, each 16 bytes of memory;
///   default 1,000,000, which an honest document reaches behind 16 MiB only
/// @param clients client ids in one update, delete set or state vector, and in one document, where
///   each takes some 200 bytes of memory, 350 if something of it was deleted; default 65,536: every
///   opening of an editor that writes makes a new one, and they stay in the document for ever; so
///   many are 180 a day for a year
/// @param maxClock the highest clock a piece may end at; default 2^48: no person types that much,
///   and it stays far from 2^53, where JavaScript begins to miscount
/// @param nesting lists and objects within each other, in JSON and in `any` values; default 100, at
///   most 1,000, because reading recurses
/// @param jsonBytes UTF-8 bytes of one JSON text (an embed, a format value); default 1 MiB
/// @param documentBytes bytes of one stored document; default 64 MiB
/// @param awarenessStateBytes UTF-8 bytes of one awareness state; default 8 KiB (a name, a colour
///   and a cursor take about 200)
/// @param awarenessClients awareness client ids introduced by one connection; default 16
/// @param awarenessBytes bytes of memory for the awareness of one document, some 400 for a client
///   with a name and a cursor; default 256 KiB
public record YLimits(
    int updateBytes,
    int structs,
    int clients,
    long maxClock,
    int nesting,
    int jsonBytes,
    int documentBytes,
    int awarenessStateBytes,
    int awarenessClients,
    int awarenessBytes) {

  /// The largest integer that JavaScript counts exactly, 2^53 - 1, and the format's own bound.
  static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

  private static final YLimits DEFAULTS =
      new YLimits(
          16 << 20, 1_000_000, 65_536, 1L << 48, 100, 1 << 20, 64 << 20, 8 << 10, 16, 256 << 10);

  public YLimits {
    positive("updateBytes", updateBytes);
    positive("structs", structs);
    positive("clients", clients);
    positive("maxClock", maxClock);
    positive("nesting", nesting);
    positive("jsonBytes", jsonBytes);
    positive("documentBytes", documentBytes);
    positive("awarenessStateBytes", awarenessStateBytes);
    positive("awarenessClients", awarenessClients);
    positive("awarenessBytes", awarenessBytes);
    if (maxClock > MAX_SAFE_INTEGER) {
      throw new IllegalArgumentException("maxClock is above 2^53 - 1: " + maxClock);
    }
    if (nesting > 1_000) {
      throw new IllegalArgumentException("nesting is above 1,000, reading recurses: " + nesting);
    }
  }

  /// The limits named above at each parameter.
  public static YLimits defaults() {
    return DEFAULTS;
  }

  /// These limits for what was accepted under them and merged since: a stored document is larger
  /// than any of the updates it is made of, and may be older than a limit.
  public YLimits stored() {
    return new YLimits(
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        maxClock,
        nesting,
        jsonBytes,
        documentBytes,
        awarenessStateBytes,
        awarenessClients,
        awarenessBytes);
  }

  /// These limits with other [#awarenessBytes].
  public YLimits withAwarenessBytes(int bytes) {
    return new YLimits(
        updateBytes,
        structs,
        clients,
        maxClock,
        nesting,
        jsonBytes,
        documentBytes,
        awarenessStateBytes,
        awarenessClients,
        bytes);
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
