package dev.dormouse.saga.engine;

import dev.dormouse.saga.SagaStatus;

/// A transition as the saga's log keeps it. The lines in order, read through the table of
/// transitions, give the saga's status.
///
/// @param n the saga's revision after it
/// @param at milliseconds since 1970 UTC
/// @param step the step's index, or -1
/// @param detail for people
/// @param status the saga's status after it
public record LogLine(
    int n, long at, Transition transition, int step, String detail, SagaStatus status) {}
