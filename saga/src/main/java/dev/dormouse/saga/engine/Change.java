package dev.dormouse.saga.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// All that one trigger changes and causes. It goes into one write set, whole.
///
/// @param next the saga after it; its state is [SagaState.NotStarted] if there is none
/// @param before the saga before it, likewise
/// @param transitions those that were made, one after the other: several if a command could not be
///   made
/// @param lines what they added to the log, in order
/// @param rows new values by key of [RowKeys]; empty to delete
/// @param alarms when each rings from now on, in milliseconds since 1970 UTC; empty to delete
/// @param dues when all that are set ring after it
/// @param commands for the outbox, in order
/// @param notices for the outbox
/// @param answer for whoever asked
public record Change(
    SagaRow before,
    SagaRow next,
    List<Transition> transitions,
    List<LogLine> lines,
    SortedMap<String, Optional<byte[]>> rows,
    Map<AlarmRef, Optional<Long>> alarms,
    Map<AlarmRef, Long> dues,
    List<SagaCommand> commands,
    List<Notice> notices,
    Answer answer) {}
