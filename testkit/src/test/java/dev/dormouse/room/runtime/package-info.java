/// Tests of the runtime's plain data structures.
@NullMarked
package dev.dormouse.room.runtime;

import org.jspecify.annotations.NullMarked;
