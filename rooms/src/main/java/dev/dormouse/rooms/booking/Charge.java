package dev.dormouse.rooms.booking;

import java.io.Serializable;

/// What the payment service is told, when it is to charge and when it is to pay back.
///
/// @param order who pays: the same for all tries of one order
/// @param amount in the smallest unit of the currency
public record Charge(String order, long amount, String currency) implements Serializable {
  private static final long serialVersionUID = 1;

  /// What it answers.
  public record Receipt(String receipt) implements Serializable {
    private static final long serialVersionUID = 1;
  }
}
