package dev.dormouse.saga.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one trigger makes of a saga, as plain data: everything in it becomes durable together or
/// not at all.
///
/// @param next the saga after it
/// @param sends commands for the outbox
/// @param alarms when each alarm rings from now on, in milliseconds since 1970 UTC; empty deletes
///   it, if it is there
/// @param log its line; none if nothing was stored before and nothing is now
/// @param dead what happens to dead rows
/// @param notice for the outbox
/// @param answer for whoever asked
public record Decision(
    Transition transition,
    SagaRow next,
    List<Send> sends,
    Map<AlarmRef, Optional<Long>> alarms,
    Optional<LogLine> log,
    List<DeadChange> dead,
    Optional<Notice> notice,
    Answer answer) {}
