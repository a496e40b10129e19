package dev.dormouse.rooms.inventory;

/// What [InventoryRoomTest] shows, of an inventory that keeps its rows in SQL.
class InventorySqlRoomTest extends InventoryRoomTest {
  @Override
  Kept kept() {
    return Kept.inSql(folder);
  }
}
