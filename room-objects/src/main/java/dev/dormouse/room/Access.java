package dev.dormouse.room;

/// How much a client may do with a room. Each includes those before it.
public enum Access {
  /// Connect and be told, and send requests that change nothing (GET, HEAD, OPTIONS).
  READ,
  /// Say something, and send any request.
  WRITE,
  /// What a room keeps for those who run it; a room that knows no such thing makes no difference.
  ADMIN;

  /// Whether somebody who has this may do what needs `wanted`.
  public boolean covers(Access wanted) {
    return compareTo(wanted) >= 0;
  }

  /// The smaller of the two.
  public Access atMost(Access other) {
    return covers(other) ? other : this;
  }
}
