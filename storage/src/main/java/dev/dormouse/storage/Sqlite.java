package dev.dormouse.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/// How connections to SQLite are made here.
public final class Sqlite {
  private Sqlite() {}

  /// A connection as SQLite makes it, for one thread at a time; makes the file if it is missing.
  public static Connection connect(Path path) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    // Each connection is used by one thread at a time.
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    // Nobody asks for them, and the driver would look at every statement's text after each update.
    config.setGetGeneratedKeys(false);
    return config.createConnection("jdbc:sqlite:" + path.toAbsolutePath());
  }
}
