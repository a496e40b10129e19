/// The state machine behind sagas, as plain data in and plain data out: it reads no clock, sends
/// nothing and stores nothing.
///
/// Read [dev.dormouse.saga.engine.Transitions] first, then [dev.dormouse.saga.engine.Progress], and
/// [dev.dormouse.saga.engine.Participation] for the other side. `docs/sagas-diagram.md` draws what
/// they do.
///
/// **The coordinator's side.** In a turn of the room that owns the saga, call
/// [dev.dormouse.saga.engine.Coordinator] with what has come (a start, a reply, an alarm, a verb)
/// and with the room's view of its rows. Put the whole [dev.dormouse.saga.engine.Change] into that
/// turn's write set: `rows` below a reserved prefix, `alarms` as reserved alarms named
/// [dev.dormouse.saga.engine.AlarmRef#name], `commands` and `notices` as outbox rows, and the inbox
/// row of the reply that caused it. The row of the alarm that rang is in `alarms` too: deleted, or
/// set again. Answer whoever asked with `answer` only when that write set is durable. A throw
/// stores nothing, and the cause comes again.
///
/// **On the way** anything may be lost, repeated or overtaken. The receiver of a command is found
/// by its target; its payload is the room codec's.
///
/// **The participant's side.** In a turn of the receiving room (or of the room that calls outside):
/// read the record at [dev.dormouse.saga.engine.RowKeys#participant], ask
/// [dev.dormouse.saga.engine.Participation#on], have or take back the effect if it says so, and put
/// effect, new record and reply (an outbox row) into one write set. A refusal thrown by the effect
/// becomes [dev.dormouse.saga.engine.Participation#refused]; any other throw undoes the turn and is
/// answered with [dev.dormouse.saga.engine.Trigger.Failed], in a turn of its own. Keep records as
/// long as a command may still be on its way.
///
/// **When a process starts** compare the definitions of open sagas with
/// [dev.dormouse.saga.engine.Definitions#missing] and refuse to start if there are any. Nothing has
/// to be recovered: every open saga has an alarm, and what was sent is sent again.
@NullMarked
package dev.dormouse.saga.engine;

import org.jspecify.annotations.NullMarked;
