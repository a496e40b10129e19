package dev.dormouse.rooms.inventory;

/// What [InventorySagaTest] shows, of an inventory that keeps its rows in SQL.
class InventorySqlSagaTest extends InventorySagaTest {
  @Override
  Kept kept() {
    return Kept.inSql(folder);
  }
}
