package dev.dormouse.room.spi;

import dev.dormouse.room.Access;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a room knows of one connection, as plain data: it outlives the instance, not the process
/// (C3).
///
/// @param key the connection's key
/// @param subProtocol that the handshake settled on, or null for none
/// @param tags as last set
/// @param attachment as last set; the receiver's to keep, not to change
/// @param hearsClose whether the room is told of the connection's end (C5)
/// @param access how much it may do
/// @param closing whether the room has closed it and not yet heard of its end
public record ConnectionRecord(
    long key,
    @Nullable String subProtocol,
    Set<String> tags,
    byte[] attachment,
    boolean hearsClose,
    Access access,
    boolean closing) {

  /// Of one that may do everything.
  public ConnectionRecord(
      long key,
      @Nullable String subProtocol,
      Set<String> tags,
      byte[] attachment,
      boolean hearsClose,
      boolean closing) {
    this(key, subProtocol, tags, attachment, hearsClose, Access.ADMIN, closing);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConnectionRecord that
        && key == that.key
        && Objects.equals(subProtocol, that.subProtocol)
        && tags.equals(that.tags)
        && Arrays.equals(attachment, that.attachment)
        && hearsClose == that.hearsClose
        && access == that.access
        && closing == that.closing;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(key);
  }
}
