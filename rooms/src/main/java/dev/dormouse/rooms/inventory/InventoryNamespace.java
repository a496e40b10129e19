package dev.dormouse.rooms.inventory;

import dev.dormouse.room.Namespace;

/// Declares the namespace `inventory`: a room for each warehouse, shop or event.
public final class InventoryNamespace {
  /// The namespace's name.
  public static final String NAME = "inventory";

  private InventoryNamespace() {}

  public static Namespace declaration() {
    return Namespace.named(NAME, InventoryRoom::new)
        .calls(Inventory.class)
        .nonBlocking()
        .publicStatus()
        .build();
  }
}
