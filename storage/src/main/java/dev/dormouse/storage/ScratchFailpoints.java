package dev.dormouse.storage;

/// The named places at which a test can throw, delay or hold the thread of
/// [SqliteConnectionRecords], through [dev.dormouse.room.spi.Execution#failpoint].
///
/// A throw at either undoes the transaction; each of its calls is then tried by itself, so what
/// throws again for one call fails that call only.
public final class ScratchFailpoints {
  /// In a transaction; about to run one call. Passed once a call, and again when it is retried.
  public static final String CALL = "scratch.call";

  /// All calls of a transaction have run; the commit comes next.
  public static final String COMMIT = "scratch.commit";

  private ScratchFailpoints() {}
}
