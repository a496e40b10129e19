package dev.dormouse.rooms.fleet;

import java.util.Locale;

/// Why a device did not get to its new firmware, as the first word of the reason that it gives.
public enum Verdict {
  /// It tried and failed, or fell back, or was not well.
  FAILED,
  /// It said no.
  REJECTED,
  /// It was told, and was not done in its time.
  TIMED_OUT,
  /// It was never told: it did not connect before the rollout's end.
  UNREACHED,
  /// Somebody called it off.
  CANCELLED;

  /// How the cause of a saga begins that somebody has cancelled, here or elsewhere.
  private static final String BY_SOMEBODY = "cancelled by ";

  /// Whether it speaks against the new firmware.
  public boolean isFailure() {
    return switch (this) {
      case FAILED, REJECTED, TIMED_OUT -> true;
      case UNREACHED, CANCELLED -> false;
    };
  }

  /// A reason that [#of] reads.
  public String because(String why) {
    return word() + ": " + why;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// The verdict that the cause of a saga names, wherever in it; a failure if none is named.
  public static Verdict of(String reason) {
    if (reason.startsWith(BY_SOMEBODY)) {
      return CANCELLED;
    }
    Verdict first = FAILED;
    int at = Integer.MAX_VALUE;
    for (Verdict verdict : values()) {
      int found = reason.indexOf(verdict.word() + ": ");
      if (found >= 0 && found < at) {
        at = found;
        first = verdict;
      }
    }
    return first;
  }
}
