/// The log of a durable queue on Chronicle Queue: [dev.dormouse.saga.log.ChronicleQueueLog].
@NullMarked
package dev.dormouse.saga.log;

import org.jspecify.annotations.NullMarked;
