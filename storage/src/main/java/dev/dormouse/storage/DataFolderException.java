package dev.dormouse.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A data folder cannot be used. The message is for the person who started the server: what is
/// wrong with which file, and what to do. Nothing was deleted or overwritten.
public final class DataFolderException extends IOException {
  private static final long serialVersionUID = 1;

  public DataFolderException(String message) {
    super(message);
  }

  public DataFolderException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
