package dev.dormouse.storage.sql;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Rooms with SQL under the test kit, one of which has a table `t`.
abstract class WithTable {
  @TempDir Path folder;
  Tables tables;

  @BeforeEach
  void open() {
    tables = new Tables(folder);
  }

  final void withTable(Runnable test) {
    tables.run(_ -> {
      tables.exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
      test.run();
    });
  }

  final long version() {
    return Long.parseLong(tables.turn(room -> room.storage().version()));
  }
}
