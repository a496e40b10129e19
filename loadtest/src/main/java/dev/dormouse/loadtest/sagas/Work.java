package dev.dormouse.loadtest.sagas;

/// What a server did to its disk since it started, as it counts it itself.
///
/// @param commits write sets
/// @param syncs transactions, each with its sync
record Work(double commits, double syncs) {
  /// Where it is not told.
  static final Work UNKNOWN = new Work(Double.NaN, Double.NaN);

  /// What came since `before`, for each of `each`.
  Work since(Work before, long each) {
    return new Work((commits - before.commits) / each, (syncs - before.syncs) / each);
  }

  boolean isKnown() {
    return !Double.isNaN(commits);
  }
}
