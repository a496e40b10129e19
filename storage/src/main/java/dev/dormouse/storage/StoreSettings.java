package dev.dormouse.storage;

/// How a [SqliteRoomStore] is laid out and how much memory it uses.
///
/// @param files how many shard files, 1 to 8; fixed once a data folder is made. One sync stream is
///   the fastest until SQLite's own work fills a core (about 300,000 small sets a second), so 1
/// @param batchSets how many write sets share a transaction and its sync, at most
/// @param batchBytes how many bytes of keys and values share a transaction, roughly; a larger set
///   travels alone
/// @param wholeKeys a room with more keys than this is not loaded whole but read on demand
/// @param wholeBytes a room whose keys and values exceed this, in bytes, is read on demand
/// @param cacheBytes SQLite's page cache for each connection; there are two connections a file
/// @param knownRooms for how many rooms a file's writer remembers the stored sequence; a room it
///   has forgotten costs one more look-up, about 200 bytes of heap are saved
public record StoreSettings(
    int files,
    int batchSets,
    int batchBytes,
    int wholeKeys,
    int wholeBytes,
    int cacheBytes,
    int knownRooms) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /// The largest number of shard files: more would only split the syncs.
  public static final int MOST_FILES = 8;

  public StoreSettings {
    if (files < 1 || files > MOST_FILES) {
      throw new IllegalArgumentException(
          "the number of shard files is 1 to " + MOST_FILES + ", not " + files);
    }
    if (batchSets < 1
        || batchBytes < 1
        || wholeKeys < 0
        || wholeBytes < 0
        || cacheBytes < KIB
        || knownRooms < 1) {
      throw new IllegalArgumentException(
          "batches and known rooms need at least 1, a cache at least 1024 bytes");
    }
  }

  public static StoreSettings defaults() {
    return new StoreSettings(1, 4_096, 8 * MIB, 2_000, 256 * KIB, 16 * MIB, 16_384);
  }

  public StoreSettings withFiles(int files) {
    return new StoreSettings(
        files, batchSets, batchBytes, wholeKeys, wholeBytes, cacheBytes, knownRooms);
  }

  /// @param sets see [#batchSets]
  /// @param bytes see [#batchBytes]
  public StoreSettings withBatch(int sets, int bytes) {
    return new StoreSettings(files, sets, bytes, wholeKeys, wholeBytes, cacheBytes, knownRooms);
  }

  /// @param keys see [#wholeKeys]
  /// @param bytes see [#wholeBytes]
  public StoreSettings withWhole(int keys, int bytes) {
    return new StoreSettings(files, batchSets, batchBytes, keys, bytes, cacheBytes, knownRooms);
  }

  /// @param cacheBytes see [#cacheBytes]
  /// @param knownRooms see [#knownRooms]
  public StoreSettings withMemory(int cacheBytes, int knownRooms) {
    return new StoreSettings(
        files, batchSets, batchBytes, wholeKeys, wholeBytes, cacheBytes, knownRooms);
  }
}
