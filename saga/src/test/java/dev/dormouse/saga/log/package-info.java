@NullMarked
package dev.dormouse.saga.log;

import org.jspecify.annotations.NullMarked;
