package dev.dormouse.rooms.inventory;

import dev.dormouse.room.Namespace;

/// Declares the namespaces `inventory` and `inventory-sql`: a room for each warehouse, shop or
/// event. They speak the same; the first keeps its rows as keys and values, the second in SQL.
public final class InventoryNamespace {
  /// The first one's name.
  public static final String NAME = "inventory";

  /// The second one's.
  public static final String WITH_SQL = "inventory-sql";

  private InventoryNamespace() {}

  public static Namespace declaration() {
    return Namespace.named(NAME, context -> new InventoryRoom(context, new KeyRows(context)))
        .calls(Inventory.class)
        .nonBlocking()
        .publicStatus()
        .build();
  }

  public static Namespace withSql() {
    return Namespace.named(WITH_SQL, context -> new InventoryRoom(context, new SqlRows(context)))
        .calls(Inventory.class)
        .withSql(SqlRows.TABLES)
        .publicStatus()
        .build();
  }
}
