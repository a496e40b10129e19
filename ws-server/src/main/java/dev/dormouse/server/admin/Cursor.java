package dev.dormouse.server.admin;

import dev.dormouse.room.RoomId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;

/// A place in the order of all rooms: behind one room of one namespace. It stays good whatever
/// happens to that room, since the order is that of names and ids, which never change.
///
/// @param after the room behind which to go on; it need not be there any more
public record Cursor(RoomId after) {
  /// The first byte of the text form, so that a later form can be told from this one.
  private static final byte FORM = 1;

  /// Rooms of a namespace in the order in which the store lists them.
  static final Comparator<RoomId> ORDER = (a, b) -> Arrays.compareUnsigned(a.bytes(), b.bytes());

  /// Reads [#text].
  ///
  /// @throws IllegalArgumentException if the text is no cursor
  public static Cursor of(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no cursor", e);
    }
    int name = 1 + RoomId.BYTES;
    if (bytes.length <= name || bytes[0] != FORM) {
      throw new IllegalArgumentException("'" + text + "' is no cursor");
    }
    String namespace = new String(bytes, name, bytes.length - name, StandardCharsets.UTF_8);
    return new Cursor(RoomId.of(namespace, Arrays.copyOfRange(bytes, 1, name), null));
  }

  /// The cursor as text that needs no escaping in an address.
  public String text() {
    byte[] namespace = after.namespace().getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[1 + RoomId.BYTES + namespace.length];
    bytes[0] = FORM;
    System.arraycopy(after.bytes(), 0, bytes, 1, RoomId.BYTES);
    System.arraycopy(namespace, 0, bytes, 1 + RoomId.BYTES, namespace.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
