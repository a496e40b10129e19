package dev.dormouse.storage.sql;

import dev.dormouse.room.RoomId;
import dev.dormouse.storage.OwnerOnly;
import dev.dormouse.storage.Sqlite;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Which rooms' files a backup has, each as it was at the backup's moment. A room that changes
/// before its turn in the backup puts its file aside first.
///
/// A file and its log are copied byte by byte, from the room's strand, where neither of them
/// changes. What an open turn has put in the log is not committed there, and counts for nothing
/// when the copy is opened. Thread-safe.
final class RoomCopies {
  private final Places places;
  private final Path aside;
  private final Set<RoomId> copied = ConcurrentHashMap.newKeySet();

  /// Why a file could not be put aside: the room goes on, the backup fails.
  private volatile @Nullable IOException failure;

  private RoomCopies(Places places, Path aside) {
    this.places = places;
    this.aside = aside;
  }

  /// Begins, with an empty folder for what is put aside.
  static RoomCopies begin(Places places) throws IOException {
    Path aside = places.aside();
    deleteAside(aside);
    OwnerOnly.makeFolder(aside);
    return new RoomCopies(places, aside);
  }

  private static void deleteAside(Path aside) throws IOException {
    if (Files.isDirectory(aside)) {
      try (var files = Files.list(aside)) {
        for (Path each : files.toList()) {
          Files.deleteIfExists(each);
        }
      }
      Files.deleteIfExists(aside);
    }
  }

  /// The room is about to change. From its strand; never throws.
  void beforeChange(RoomId room, @Nullable OpenRoom open) {
    if (failure == null && copied.add(room)) {
      try {
        copy(places.of(room), open, putAside(room));
      } catch (IOException e) {
        failure = e;
      }
    }
  }

  private Path putAside(RoomId room) {
    return aside.resolve(Places.nameAside(room));
  }

  /// The rooms whose files are put aside now.
  List<RoomId> putAside() throws IOException {
    List<RoomId> rooms = new ArrayList<>();
    for (Path each : Places.inside(aside)) {
      Places.roomAside(each).ifPresent(rooms::add);
    }
    return rooms;
  }

  /// Copies a room's file, or takes what was put aside. From the room's strand.
  ///
  /// @param to is there, and empty
  /// @return whether there was anything at the moment
  boolean take(RoomId room, @Nullable OpenRoom open, Path to) throws IOException {
    check();
    if (copied.add(room)) {
      return copy(places.of(room), open, to);
    }
    Path from = putAside(room);
    boolean there = copy(from, null, to);
    Files.deleteIfExists(from);
    Files.deleteIfExists(RoomFile.log(from));
    return there;
  }

  void check() throws IOException {
    IOException why = failure;
    if (why != null) {
      throw new IOException("the file of a room that changed could not be put aside: " + why, why);
    }
  }

  /// @param open the room's, if it has the file open
  private static boolean copy(Path from, @Nullable OpenRoom open, Path to) throws IOException {
    if (!Files.exists(from)) {
      return false;
    }
    if (open == null) {
      append(from, to);
    } else {
      append(open.file().reading(), from, to);
    }
    Path log = RoomFile.log(from);
    if (Files.exists(log) && Files.size(log) > 0) {
      append(log, RoomFile.log(to));
    }
    return true;
  }

  private static void append(Path from, Path to) throws IOException {
    try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ)) {
      append(source, from, to);
    }
  }

  private static void append(FileChannel source, Path from, Path to) throws IOException {
    try (FileChannel target =
        FileChannel.open(
            to,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long size = source.size();
      for (long at = 0; at < size; ) {
        long moved = source.transferTo(at, size - at, target);
        if (moved <= 0) {
          throw new IOException(from + " became shorter while it was copied");
        }
        at += moved;
      }
    }
  }

  /// Makes a copy one file that needs no log beside it, and reads all of it.
  static void settle(Path copy) throws IOException {
    try (Connection connection = Sqlite.connect(copy)) {
      RoomFile.execute(connection, "PRAGMA trusted_schema = OFF");
      RoomFile.execute(connection, "PRAGMA cell_size_check = ON");
      RoomFile.execute(connection, "PRAGMA journal_mode = DELETE");
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("PRAGMA integrity_check(1)")) {
        String found = row.next() ? row.getString(1) : "nothing";
        if (!"ok".equals(found)) {
          throw new IOException(
              "a room's file is damaged, and so is its copy " + copy + ": " + found);
        }
      }
    } catch (SQLException e) {
      throw new IOException("the copy " + copy + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// Forgets what was put aside.
  void end() throws IOException {
    deleteAside(aside);
  }
}
