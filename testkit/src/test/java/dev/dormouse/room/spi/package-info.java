/// Tests of what the ports say in code.
@NullMarked
package dev.dormouse.room.spi;

import org.jspecify.annotations.NullMarked;
