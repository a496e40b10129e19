package dev.dormouse.saga.engine;

/// An attempt to have a step done or undone, before its payload is filled in.
///
/// @param round see [StepRow#round]
public record Send(int step, Way way, int attempt, int round) {}
