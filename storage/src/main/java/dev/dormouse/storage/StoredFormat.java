package dev.dormouse.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// What a data folder says of itself, without opening it.
///
/// @param format the number of its format
/// @param files how many shard files it has
public record StoredFormat(int format, int files) {
  /// The format that this version writes.
  public static final int CURRENT = DataFolder.FORMAT;

  /// Reads a folder's format; empty if it is no complete data folder.
  ///
  /// @throws DataFolderException if it is newer than this version, damaged, or another program's;
  ///   the message says what to do
  public static Optional<StoredFormat> of(Path folder) throws IOException {
    return DataFolder.stored(folder);
  }

  /// Whether an earlier version wrote it, which cannot open it any more once this one has.
  public boolean older() {
    return format < CURRENT;
  }

  /// Who has the folder open: a process, in words; empty if nobody has.
  public static Optional<String> user(Path folder) throws IOException {
    return FolderLock.user(folder);
  }
}
