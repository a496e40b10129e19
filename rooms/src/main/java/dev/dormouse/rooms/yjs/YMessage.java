package dev.dormouse.rooms.yjs;

/// A message of y-protocols, as `y-websocket` sends it: one in a binary frame.
///
/// The order after a socket opens: the client sends [SyncStep1] and its own awareness; the server
/// answers with [SyncStep2], always, even when it is empty, because the client counts itself as
/// synced only then; the server sends its own [SyncStep1] and all awareness states. From there on
/// both send [Update] and [AwarenessMessage].
public sealed interface YMessage {
  /// Number of a frame that concerns the document. Others can be handled without it.
  int SYNC = 0;

  int AWARENESS = 1;
  int AUTH = 2;
  int QUERY_AWARENESS = 3;

  /// Says what the sender knows and asks for the rest.
  record SyncStep1(StateVector known) implements YMessage {}

  /// Answers [SyncStep1] with what its sender lacks.
  record SyncStep2(YUpdate update) implements YMessage {}

  /// Something was changed.
  record Update(YUpdate update) implements YMessage {}

  /// Somebody came, moved, left, or is still there.
  record AwarenessMessage(AwarenessUpdate update) implements YMessage {}

  /// The server refuses access, for `reason`.
  record Auth(String reason) implements YMessage {}

  /// Asks for all known awareness states.
  record QueryAwareness() implements YMessage {}

  /// A frame that changes nothing for anybody, an awareness update about no one. `y-websocket`
  /// reconnects when it has received no message for 30 seconds; pings of the socket do not count.
  static byte[] keepAlive() {
    return new byte[] {AWARENESS, 1, 0};
  }

  /// The type of `frame` ([#SYNC], [#AWARENESS] ...), without reading the rest.
  ///
  /// @throws MalformedUpdateException if it has none, or one that is not known
  static int type(byte[] frame) throws MalformedUpdateException {
    return type(new ByteReader(frame));
  }

  /// Reads one frame.
  ///
  /// @throws MalformedUpdateException if it is no message known here, or holds more than it should
  static YMessage parse(byte[] frame, YLimits limits) throws MalformedUpdateException {
    ByteReader in = new ByteReader(frame);
    YMessage message =
        switch (type(in)) {
          case SYNC -> sync(in, limits);
          case AWARENESS -> new AwarenessMessage(AwarenessUpdate.read(in.part(), limits));
          case AUTH -> auth(in);
          case QUERY_AWARENESS -> new QueryAwareness();
          default -> throw new IllegalStateException("a type that was just checked");
        };
    in.expectEnd();
    return message;
  }

  private static int type(ByteReader in) throws MalformedUpdateException {
    long type = in.varUint();
    if (type > QUERY_AWARENESS) {
      throw new MalformedUpdateException("a message of unknown type " + type, 0);
    }
    return (int) type;
  }

  private static YMessage sync(ByteReader in, YLimits limits) throws MalformedUpdateException {
    int start = in.position();
    long step = in.varUint();
    return switch ((int) Math.min(step, 3)) {
      case 0 -> new SyncStep1(StateVector.read(in.part(), limits));
      case 1 -> new SyncStep2(YUpdate.adopt(in.buffer(), limits));
      case 2 -> new Update(YUpdate.adopt(in.buffer(), limits));
      default -> throw new MalformedUpdateException("an unknown sync step " + step, start);
    };
  }

  private static YMessage auth(ByteReader in) throws MalformedUpdateException {
    long kind = in.varUint();
    if (kind != 0) {
      throw new MalformedUpdateException("an unknown auth message " + kind, 1);
    }
    return new Auth(in.string());
  }

  /// The bytes of one frame.
  default byte[] encode() {
    return switch (this) {
      case SyncStep1(StateVector known) -> sync(0, known.encode());
      case SyncStep2(YUpdate update) -> sync(1, update.sharedBytes());
      case Update(YUpdate update) -> sync(2, update.sharedBytes());
      case AwarenessMessage(AwarenessUpdate update) -> {
        byte[] payload = update.encode();
        yield new ByteWriter(payload.length + 8).varUint(AWARENESS).buffer(payload).toBytes();
      }
      case Auth(String reason) ->
          new ByteWriter(64).varUint(AUTH).varUint(0).string(reason).toBytes();
      case QueryAwareness() -> new byte[] {QUERY_AWARENESS};
    };
  }

  private static byte[] sync(int step, byte[] payload) {
    return new ByteWriter(payload.length + 8).varUint(SYNC).varUint(step).buffer(payload).toBytes();
  }
}
