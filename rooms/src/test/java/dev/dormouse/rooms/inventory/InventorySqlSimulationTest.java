package dev.dormouse.rooms.inventory;

import java.nio.file.Path;

/// What [InventorySimulationTest] shows, of an inventory that keeps its rows in SQL. The disk that
/// fails is that of the index; the process that dies leaves what SQLite has written.
class InventorySqlSimulationTest extends InventorySimulationTest {
  @Override
  Kept kept(Path folder) {
    return Kept.inSql(folder);
  }

  @Override
  int seeds() {
    return 12;
  }
}
