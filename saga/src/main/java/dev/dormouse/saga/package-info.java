/// What people who define sagas import: work over several rooms that is completed or undone.
///
/// Read [dev.dormouse.saga.Saga] first, then [dev.dormouse.saga.StepBuilder] and
/// [dev.dormouse.saga.Command]. A definition is data: the engine stores which step it has reached
/// and never runs a user's function twice to find out, so there is nothing a definition must avoid
/// to stay deterministic.
@NullMarked
package dev.dormouse.saga;

import org.jspecify.annotations.NullMarked;
