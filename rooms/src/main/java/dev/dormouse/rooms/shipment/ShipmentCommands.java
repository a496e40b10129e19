package dev.dormouse.rooms.shipment;

/// What a shipment does in sagas; the payload of both is a [Parcel], the answer is [Shipped].
public final class ShipmentCommands {
  /// Packs a parcel, or refuses.
  public static final String SHIP = "ship";

  /// Its undo.
  public static final String RECALL = "recall";

  private ShipmentCommands() {}
}
