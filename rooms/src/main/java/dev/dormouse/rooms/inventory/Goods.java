package dev.dormouse.rooms.inventory;

import java.io.Serializable;
import java.util.List;

/// Quantities of several SKUs that a saga wants together or not at all: the payload of
/// [SagaCommands#RESERVE], and of the two that follow it.
///
/// @param lines each SKU once
public record Goods(List<Line> lines) implements Serializable {
  private static final long serialVersionUID = 1;

  /// How much of one SKU.
  public record Line(String sku, long quantity) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /// The reservations behind them: what [SagaCommands#RESERVE] answers.
  ///
  /// @param reservations their ids, in the order of the lines
  public record Held(List<String> reservations) implements Serializable {
    private static final long serialVersionUID = 1;
  }
}
