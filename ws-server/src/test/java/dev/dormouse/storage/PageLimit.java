package dev.dormouse.storage;

import java.util.concurrent.CompletableFuture;

/// Lets suites of other modules fill the disk.
public final class PageLimit {
  private PageLimit() {}

  /// Lets each file of the store grow to this many pages at most, or stay as large as it is.
  public static CompletableFuture<Void> set(SqliteRoomStore store, long pages) {
    return store.limitPages(pages);
  }
}
