package dev.dormouse.rooms.booking;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomLimits;

/// Declares the namespace `booking`: a room for each order, and a page at `/booking/`.
public final class BookingNamespace {
  /// The namespace's name.
  public static final String NAME = "booking";

  /// The longest request: a hundred items, and an address all of whose characters are escaped.
  private static final int REQUEST_BYTES = 32 * 1024;

  private BookingNamespace() {}

  public static Namespace declaration() {
    return Namespace.named(NAME, BookingRoom::new)
        .nonBlocking()
        .publicStatus()
        .limits(
            RoomLimits.defaults().withMessageBytes(REQUEST_BYTES).withRequestBytes(REQUEST_BYTES))
        .pages("/booking/", BookingNamespace.class, "web")
        .build();
  }
}
