package dev.dormouse.rooms.shipment;

import java.io.Serializable;

/// What is to be shipped: the payload of [ShipmentRoom]'s commands.
///
/// @param to the address, 1 to [#MAX_ADDRESS] characters
/// @param pieces how many things are in it, 1 to [#MAX_PIECES]
public record Parcel(String to, long pieces) implements Serializable {
  /// What fits in.
  public static final int MAX_PIECES = 50;

  public static final int MAX_ADDRESS = 200;

  private static final long serialVersionUID = 1;
}
