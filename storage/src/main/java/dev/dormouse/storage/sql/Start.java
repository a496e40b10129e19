package dev.dormouse.storage.sql;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.RoomStore.Mark;
import dev.dormouse.storage.DataFolderException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// What is looked at when a store of rooms with SQL is opened.
final class Start {
  private static final int PAGE = 256;

  private Start() {}

  /// Rooms do not move from one kind of storage to the other.
  ///
  /// @throws DataFolderException if the index has a room of `namespace` that has no file
  static void checkKind(RoomStore index, String namespace) throws DataFolderException {
    for (RoomId room : index.rooms(namespace, null, 1).join()) {
      // Not by the version: that of a room in which only facilities have written is 0.
      if (index.read(room, IndexKeeper.FILE).join().isEmpty()) {
        throw new DataFolderException(
            "the namespace '"
                + namespace
                + "' is declared withSql(), and this data folder has rooms of it without SQL: take"
                + " another name for it",
            null);
      }
    }
  }

  /// Opens the rooms whose marks were changing when the process ended.
  static void mendMarks(SqlRoomStore store) {
    List<Mark> marks = store.marks(IndexKeeper.CHANGING, null, PAGE).join();
    while (!marks.isEmpty()) {
      List<CompletableFuture<RoomImage>> loads =
          marks.stream().map(Mark::room).filter(store::hasOwnFile).map(store::load).toList();
      loads.forEach(load -> {
        try {
          load.join();
        } catch (CompletionException unreadable) {
          // The room's own start will say so.
        }
      });
      marks =
          marks.size() < PAGE
              ? List.of()
              : store.marks(IndexKeeper.CHANGING, marks.getLast(), PAGE).join();
    }
  }
}
