package dev.dormouse.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A data folder cannot be used. The message is for the person who started the server: what is
/// wrong with which file, and what to do. Nothing was deleted or overwritten.
public final class DataFolderException extends IOException {
  private static final long serialVersionUID = 1;

  /// What a start takes, with a margin.
  private static final long WANTED = 16L << 20;

  public DataFolderException(String message) {
    super(message);
  }

  public DataFolderException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Opening what is in a folder writes to it: each start raises the epoch, without which another
  /// process could go on writing, and SQLite makes files beside its own. So a full disk does not
  /// let a server start, not even to read.
  public static DataFolderException unopened(Path folder, Exception failure) {
    return unopened(folder, failure, usable(folder));
  }

  static DataFolderException unopened(Path folder, Exception failure, long usable) {
    // SQLite says it in several ways, such as that its shared memory cannot grow.
    String why =
        Fault.of(failure) == Fault.FULL || usable < WANTED
            ? "its disk is full, and to open it a little must be written: free %d MiB there and"
                    .formatted(WANTED >> 20)
                + " start again; what was stored is there"
            : "check its owner and the health of its disk";
    return new DataFolderException(
        "the folder %s cannot be opened: %s (%s)".formatted(folder, why, failure.getMessage()),
        failure);
  }

  private static long usable(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException _) {
      return Long.MAX_VALUE;
    }
  }
}
