package dev.dormouse.rooms.shipment;

import dev.dormouse.room.Namespace;

/// Declares the namespace `shipment`: a room for each order that is shipped, under the order's
/// name.
public final class ShipmentNamespace {
  /// The namespace's name.
  public static final String NAME = "shipment";

  private ShipmentNamespace() {}

  public static Namespace declaration() {
    return Namespace.named(NAME, ShipmentRoom::new).nonBlocking().publicStatus().build();
  }
}
