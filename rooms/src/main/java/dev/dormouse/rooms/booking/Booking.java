package dev.dormouse.rooms.booking;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dormouse.rooms.shipment.Shipped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One try of an order, as clients see it.
///
/// @param id the client's
/// @param status `running`, `compensating`, `completed`, `compensated`, `parked_forward` or
///   `parked_backward`
/// @param cause why it goes back or is parked; empty if it never did
/// @param cancellable whether a cancel would turn it back now
/// @param payable whether the server has a payment service; false only once that was found out
/// @param steps in their order
/// @param lines what happened, oldest first: the latest of it
/// @param receipt what the payment service answered
/// @param parcel as it was packed
@JsonInclude(JsonInclude.Include.NON_NULL)
record Booking(
    String id,
    Request request,
    String status,
    String cause,
    boolean paused,
    boolean cancellable,
    boolean payable,
    List<Step> steps,
    List<Line> lines,
    @Nullable String receipt,
    @Nullable Shipped parcel) {

  /// Lines that are shown, and kept.
  static final int MAX_LINES = 100;

  /// How one step stands.
  ///
  /// @param state `waiting`, `doing`, `retrying`, `done`, `refused`, `unknown`, `skipped`,
  ///   `undoing`, `undone`, `stuck` or `left` (somebody decided that its effect stands)
  /// @param attempts to do it
  /// @param undoAttempts to undo it
  /// @param error what went wrong with it last; empty if nothing did
  /// @param next when it is looked at next, in milliseconds since 1970 UTC
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Step(
      String name,
      String state,
      int attempts,
      int undoAttempts,
      String error,
      @Nullable Long next) {}

  /// One thing that happened.
  ///
  /// @param n counts from 1, without gaps
  /// @param at milliseconds since 1970 UTC
  /// @param step whom it is about; empty if no step
  /// @param transition its name in the table of transitions
  /// @param what that name in words
  record Line(
      int n, long at, String step, String transition, String what, String detail, String status) {}

  /// The same with the last few lines only, for those who have the others.
  Booking latest(int few) {
    return new Booking(
        id,
        request,
        status,
        cause,
        paused,
        cancellable,
        payable,
        steps,
        lines.subList(Math.max(0, lines.size() - few), lines.size()),
        receipt,
        parcel);
  }
}
