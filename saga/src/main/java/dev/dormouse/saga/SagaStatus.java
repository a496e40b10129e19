package dev.dormouse.saga;

/// How far a saga is.
public enum SagaStatus {
  /// Its steps are being done, one stage after the other.
  RUNNING,
  /// What was done is being undone, latest first.
  COMPENSATING,
  /// All steps are done.
  COMPLETED,
  /// All that was done is undone.
  COMPENSATED,
  /// A step that can no longer be undone does not succeed: somebody has to look.
  PARKED_FORWARD,
  /// A compensation does not succeed: somebody has to look.
  PARKED_BACKWARD;

  /// Whether nothing will happen any more.
  public boolean ended() {
    return this == COMPLETED || this == COMPENSATED;
  }
}
