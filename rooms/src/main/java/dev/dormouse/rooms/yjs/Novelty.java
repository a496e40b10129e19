package dev.dormouse.rooms.yjs;

/// What an update means to a [StoredDocument].
public enum Novelty {
  /// It brings something: store it, then relay it.
  NEW,

  /// All of it is there already, as in most of what a reconnecting editor sends: acknowledge it,
  /// write nothing, relay nothing.
  NOTHING_NEW,

  /// It would make the document larger than its limit, in bytes, clients or pieces: refuse it, and
  /// tell the editor so by closing its connection, because it would send the same again.
  TOO_LARGE
}
