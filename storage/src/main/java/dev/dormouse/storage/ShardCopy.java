package dev.dormouse.storage;

import dev.dormouse.room.spi.BackupPart;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

/// A shard file that is copied as it was when it was pinned. One platform thread only.
final class ShardCopy implements AutoCloseable {
  /// A mebibyte: what is copied between two looks at the rate.
  private static final int STEP_PAGES = 256;

  private static final int PAGE = 4096;

  private final ShardFile file;
  private final Connection connection;
  private final Supplier<Optional<String>> trouble;

  private ShardCopy(ShardFile file, Connection connection, Supplier<Optional<String>> trouble) {
    this.file = file;
    this.connection = connection;
    this.trouble = trouble;
  }

  /// @param trouble why the file cannot be written at present
  static ShardCopy open(ShardFile file, Supplier<Optional<String>> trouble) throws SQLException {
    Connection connection = Sqlite.connect(file.path());
    try {
      ShardFile.execute(connection, "PRAGMA busy_timeout = 5000");
      ShardFile.execute(connection, "PRAGMA query_only = ON");
      ShardFile.execute(connection, "PRAGMA cache_size = -1024");
      ShardFile.number(connection, "SELECT epoch FROM meta");
      return new ShardCopy(file, connection, trouble);
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  /// Begins the transaction in which the file stays as it is now, to this connection.
  void pin() throws SQLException {
    ShardFile.execute(connection, "BEGIN");
    ShardFile.number(connection, "SELECT epoch FROM meta");
  }

  /// @throws IOException if the file is in trouble
  void checkWell() throws IOException {
    Optional<String> why = trouble.get();
    if (why.isPresent()) {
      throw new IOException("no backup is made now: " + why.get());
    }
  }

  /// Copies the file and checks the copy.
  void copy(BackupPart.Target target) throws IOException, InterruptedException {
    String name = file.path().getFileName().toString();
    Path to = target.make(name);
    Pace pace = new Pace(target);
    try {
      DB source = connection.unwrap(SQLiteConnection.class).getDatabase();
      int result = source.backup("main", to.toString(), pace, 10, 500, STEP_PAGES);
      if (result != 0) {
        throw new IOException("SQLite ended the copy of " + file.path() + " with error " + result);
      }
      pace.check();
      checkWell();
      settle(to);
    } catch (SQLException e) {
      throw new IOException("the copy of " + file.path() + " failed: " + e.getMessage(), e);
    }
    target.complete(name);
  }

  /// Makes the copy one file that needs no log beside it, and reads all of it.
  private static void settle(Path copy) throws SQLException, IOException {
    try (Connection connection = Sqlite.connect(copy)) {
      ShardFile.execute(connection, "PRAGMA journal_mode = DELETE");
      try (var statement = connection.createStatement();
          var row = statement.executeQuery("PRAGMA integrity_check(1)")) {
        String found = row.next() ? row.getString(1) : "nothing";
        if (!"ok".equals(found)) {
          throw new IOException(
              "the shard file is damaged, and so is its copy " + copy + ": " + found);
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /// Told after each step. SQLite's loop cannot be left from here, so that what goes wrong is kept
  /// for its end, and until then it hurries.
  private final class Pace implements DB.ProgressObserver {
    private final BackupPart.Target target;
    private int before = -1;
    private boolean interrupted;

    Pace(BackupPart.Target target) {
      this.target = target;
    }

    @Override
    public void progress(int remaining, int pages) {
      int copied = before < 0 ? Math.min(STEP_PAGES, pages) : before - remaining;
      before = remaining;
      // The writer cannot mend its file while somebody has it pinned.
      if (interrupted || trouble.get().isPresent()) {
        return;
      }
      try {
        target.wrote((long) Math.max(0, copied) * PAGE);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }

    void check() throws InterruptedException {
      if (interrupted) {
        throw new InterruptedException("the backup was interrupted");
      }
    }
  }
}
