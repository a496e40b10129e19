package dev.dormouse.rooms.collab;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.rooms.yjs.YLimits;

/// Declares the namespace `collab`: a room for each document, and the editor page at `/`.
public final class CollabNamespace {
  /// The namespace's name, and the first part of the address that editors connect to.
  public static final String NAME = "collab";

  private static final int MIB = 1 << 20;

  /// What may be kept of who is in a document. A cursor takes some 400 bytes, so 2,500 people can
  /// be seen: with all of them renewing each 15 seconds, about what one machine can relay. And what
  /// a newcomer is handed stays below the 1 MiB by which a client may be behind (`--outbound`).
  private static final int PORCH = MIB;

  /// A client that deleted something is six bytes of a document, and 350 of memory.
  private static final int MEMORY_PER_BYTE = 60;

  /// A document of 16 MiB is a very long book with all its history; one update may be a little
  /// larger than the document that it becomes. Awareness fills its porch and no more, so that who
  /// brings too much of it is told so, instead of being cut off for an overflow.
  static final YLimits LIMITS = limits(20 * MIB, 16 * MIB, PORCH - AwarenessDoorman.OWN_BYTES);

  private CollabNamespace() {}

  public static Namespace declaration() {
    return declaration(LIMITS);
  }

  static Namespace declaration(YLimits limits) {
    return Namespace.named(NAME, context -> new DocumentRoom(context, limits))
        .nonBlocking()
        .publicStatus()
        // Whoever may only read still has to ask for the document.
        .hearsReaders()
        // An editor of y-websocket comes again for ever when its handshake fails, and never says
        // why.
        .refusesByClosing()
        .limits(roomLimits(limits))
        .memoryPerByte(MEMORY_PER_BYTE)
        .doorman(AwarenessDoorman.NAME, new AwarenessDoorman(limits))
        .pages("/", CollabNamespace.class, "web")
        .build();
  }

  static YLimits limits(int updateBytes, int documentBytes, int awarenessBytes) {
    YLimits usual = YLimits.defaults();
    return new YLimits(
        updateBytes,
        usual.structs(),
        usual.clients(),
        usual.maxClock(),
        usual.nesting(),
        usual.jsonBytes(),
        documentBytes,
        usual.awarenessStateBytes(),
        usual.awarenessClients(),
        awarenessBytes);
  }

  private static RoomLimits roomLimits(YLimits limits) {
    RoomLimits usual = RoomLimits.defaults();
    // One turn may log the largest update and then write the largest snapshot.
    int turnBytes = limits.updateBytes() + limits.documentBytes() + MIB;
    return usual
        .withTurn(Math.max(usual.turnBytes(), turnBytes), Math.max(usual.listBytes(), turnBytes))
        .withRequestBytes(limits.updateBytes())
        .withMessageBytes(limits.updateBytes())
        .withPorchBytes(AwarenessDoorman.porchBytes(limits));
  }
}
