package dev.dormouse.rooms.inventory;

import dev.dormouse.room.Namespace;
import dev.dormouse.storage.sql.SqlRoomStore;
import dev.dormouse.testkit.RoomTester;
import java.nio.file.Path;
import java.util.Set;

/// How an inventory keeps its rows: what is the same for both is tested for both.
///
/// @param folder for files; null where there are none
record Kept(Namespace namespace, Path folder) {
  static Kept asKeys(Path folder) {
    return new Kept(InventoryNamespace.declaration(), folder);
  }

  static Kept inSql(Path folder) {
    return new Kept(InventoryNamespace.withSql(), folder);
  }

  String space() {
    return namespace.name();
  }

  RoomTester stage(RoomTester tester) {
    return namespace.withSql()
        ? tester.storedBy(
            (memory, execution) ->
                SqlRoomStore.simulated(memory, folder, Set.of(space()), execution),
            store -> ((SqlRoomStore) store).die())
        : tester;
  }
}
