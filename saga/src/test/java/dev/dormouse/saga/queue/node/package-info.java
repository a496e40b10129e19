/// Queues in rooms: the promises of sending and consuming, over every log and every death.
@NullMarked
package dev.dormouse.saga.queue.node;

import org.jspecify.annotations.NullMarked;
