package dev.dormouse.saga.engine;

/// Whether a step is to be done or undone.
public enum Way {
  DO,
  UNDO;

  /// As it stands in keys and rows.
  public String word() {
    return this == DO ? "do" : "undo";
  }

  static Way of(String word) {
    return switch (word) {
      case "do" -> DO;
      case "undo" -> UNDO;
      default -> throw new IllegalArgumentException("neither do nor undo: '" + word + "'");
    };
  }
}
