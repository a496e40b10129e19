package dev.dormouse.storage.sql;

import java.time.Duration;

/// What rooms with SQL may use, and how many of their files are open.
///
/// @param openFiles how many files are open at once, at most; each takes 3 descriptors and up to
///   `cacheBytes` and about 100 KB of native memory. A room whose file is not open waits for one
///   that is not in use to be closed
/// @param threads how many threads run statements; one of a room at a time
/// @param syncs how many threads sync
/// @param roomBytes how large a room's database may become; what the room decides about its alarms
///   can still be stored then
/// @param steps of SQLite's machine that a statement may take
/// @param statement how long a statement may take, for a page of rows each
/// @param cacheBytes of each file's page cache
/// @param wholeKeys a room with more keys than this is not loaded whole but read on demand
/// @param wholeBytes a room whose keys and values exceed this is read on demand
public record SqlSettings(
    int openFiles,
    int threads,
    int syncs,
    long roomBytes,
    long steps,
    Duration statement,
    int cacheBytes,
    int wholeKeys,
    int wholeBytes) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  public SqlSettings {
    if (openFiles < 1 || threads < 1 || syncs < 1) {
      throw new IllegalArgumentException("rooms with SQL need at least one file and one thread");
    }
    if (roomBytes < MIB || steps < 1_000 || !statement.isPositive() || cacheBytes < 64 * KIB) {
      throw new IllegalArgumentException(
          "a room's database takes at least 1 MiB, a statement 1,000 steps, a cache 64 KiB");
    }
  }

  public static SqlSettings defaults() {
    return new SqlSettings(
        256, 4, 4, 1024L * MIB, 50_000_000, Duration.ofSeconds(2), MIB, 2_000, 256 * KIB);
  }

  public SqlSettings withOpenFiles(int count) {
    return new SqlSettings(
        count, threads, syncs, roomBytes, steps, statement, cacheBytes, wholeKeys, wholeBytes);
  }

  public SqlSettings withRoomBytes(long bytes) {
    return new SqlSettings(
        openFiles, threads, syncs, bytes, steps, statement, cacheBytes, wholeKeys, wholeBytes);
  }

  /// @param steps see [#steps]
  /// @param time see [#statement]
  public SqlSettings withStatement(long steps, Duration time) {
    return new SqlSettings(
        openFiles, threads, syncs, roomBytes, steps, time, cacheBytes, wholeKeys, wholeBytes);
  }

  /// @param keys see [#wholeKeys]
  /// @param bytes see [#wholeBytes]
  public SqlSettings withWhole(int keys, int bytes) {
    return new SqlSettings(
        openFiles, threads, syncs, roomBytes, steps, statement, cacheBytes, keys, bytes);
  }
}
