@NullMarked
package dev.dormouse.saga.queue;

import org.jspecify.annotations.NullMarked;
