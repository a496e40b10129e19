/// Queues in a running node: logs that are open, the relay from rooms' outboxes, groups as rooms,
/// what operators and HTTP clients may ask.
///
/// Read [dev.dormouse.saga.queue.node.QueueNode] first.
@NullMarked
package dev.dormouse.saga.queue.node;

import org.jspecify.annotations.NullMarked;
