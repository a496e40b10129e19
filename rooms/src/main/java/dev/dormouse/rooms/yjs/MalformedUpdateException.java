package dev.dormouse.rooms.yjs;

/// Bytes from outside that are not what they should be, or exceed [YLimits].
///
/// Checked, because every caller holds bytes of a stranger: an editor that sends such bytes must
/// lose its connection, never cost the room its memory of the document.
public final class MalformedUpdateException extends Exception {
  private static final long serialVersionUID = 1;

  private final int position;

  MalformedUpdateException(String what, int position) {
    super(what + " (at byte " + position + ")");
    this.position = position;
  }

  /// Where reading stopped making sense, counted in bytes from the start of what was read: of a
  /// frame, or of the update inside of it.
  public int position() {
    return position;
  }
}
