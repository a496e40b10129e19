package dev.dormouse.saga.engine;

/// What could not be done, or undone, and waits for a decision or has got one.
///
/// @param at when it was given up, in milliseconds since 1970 UTC
/// @param reviewAt when it is looked at next; same unit
/// @param closedBy who decided; empty while it is open
/// @param note what they said
public record DeadRow(
    String saga,
    int step,
    Way way,
    String reason,
    long at,
    long reviewAt,
    String closedBy,
    String note) {

  public boolean open() {
    return closedBy.isEmpty();
  }
}
