package dev.dormouse.saga.engine;

import java.util.Locale;

/// Names an alarm of a saga. The attempt is part of the name, so that an alarm which rings too late
/// is known for what it is.
///
/// @param step the step's index; 0 for the saga's own alarms
/// @param attempt which attempt it guards; 0 for the saga's own alarms
public record AlarmRef(String saga, Kind kind, int step, int attempt) {
  static final String PREFIX = "saga/";

  /// What an alarm is for.
  public enum Kind {
    /// A step was not answered, or its back-off is over.
    DO,
    /// The same for an undo.
    UNDO,
    DEADLINE,
    /// To look at what is parked or paused.
    REVIEW
  }

  static AlarmRef step(String saga, Way way, int step, int attempt) {
    return new AlarmRef(saga, way == Way.DO ? Kind.DO : Kind.UNDO, step, attempt);
  }

  static AlarmRef deadline(String saga) {
    return new AlarmRef(saga, Kind.DEADLINE, 0, 0);
  }

  static AlarmRef review(String saga) {
    return new AlarmRef(saga, Kind.REVIEW, 0, 0);
  }

  /// Whether an alarm of this name is a saga's.
  public static boolean isOne(String name) {
    return name.startsWith(PREFIX);
  }

  /// The alarm's name in its room.
  public String name() {
    return PREFIX + saga + "/" + word();
  }

  /// The name among those of its saga.
  String word() {
    String kind = this.kind.name().toLowerCase(Locale.ROOT);
    return switch (this.kind) {
      case DO, UNDO -> kind + "/" + step + "/" + attempt;
      case DEADLINE, REVIEW -> kind;
    };
  }

  /// Reads [#name].
  ///
  /// @throws IllegalArgumentException if it is not one
  public static AlarmRef parse(String name) {
    String[] parts = name.split("/", -1);
    if (!isOne(name) || parts.length < 3) {
      throw new IllegalArgumentException("not a saga's alarm: '" + name + "'");
    }
    Kind kind = Kind.valueOf(parts[2].toUpperCase(Locale.ROOT));
    return switch (kind) {
      case DO, UNDO ->
          new AlarmRef(parts[1], kind, Integer.parseInt(parts[3]), Integer.parseInt(parts[4]));
      case DEADLINE, REVIEW -> new AlarmRef(parts[1], kind, 0, 0);
    };
  }
}
