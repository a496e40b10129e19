/// Durable queues: messages, the log they lie in, and the consumer groups that hand them out.
///
/// A producer's message lies in the log ([QueueLog]) once its append is answered. A [ConsumerGroup]
/// decides who gets it. Its rows are the truth about what was handed out, settled and given up; the
/// log is transport. Both are pieces that know nothing of each other, of rooms or of HTTP. Who puts
/// them together does this:
///
/// - **A room for each group**, in the system namespace `_queue`. [GroupRows] is its storage (`get`
///   and `list`); what [GroupTurn#finish] returns is put into the same turn, and its
///   [GroupChanges#nextAlarm] becomes the room's alarm, whose handler begins a turn with
///   [GroupTurn#wake]. A turn that is undone needs nothing: the group finds its rows as they were.
/// - **At each start** of that room, [GroupTurn#reconcile] with the log's [QueueLog#first] and
///   [QueueLog#end]; for a new group [GroupTurn#begin] before.
/// - **To hand out**: [GroupTurn#lease]. If it gives fewer than asked for, [GroupTurn#room] is left
///   and the log's end lies behind [GroupTurn#position], read the log there (outside of the turn:
///   it is a wait), [GroupTurn#take] the page in a new turn and lease again. A page that was read
///   for a position that another turn has passed meanwhile is dropped. Payloads come from the log
///   by position; what it cannot give, [GroupTurn#giveUp].
/// - **Answers leave after the commit**: the room's output gate holds leases and settlements until
///   the turn's write set is durable.
/// - **Dead letters**: after a turn whose [GroupStatus#letters] is not zero, read each message of
///   [GroupTurn#letters] from the log, append it with [QueueMessage#deadLetter] to the log of
///   [GroupSettings#deadLetterQueue], and report it with [GroupTurn#letterSent] when that is
///   durable. Killed in between, it is sent again, with the same key.
/// - **Producers** append what is committed, in the order of their outbox, and mark the rows as
///   published when the append is answered. An append that failed or was never answered is repeated
///   with the same keys.
/// - **Deletion**: now and then [QueueLog#delete] up to the smallest [GroupTurn#lowWater] of all
///   groups of the queue. A group that has not read on for as long as its retention must be made
///   to: reading turns what is too old into dead letters.
@NullMarked
package dev.dormouse.saga.queue;

import org.jspecify.annotations.NullMarked;
