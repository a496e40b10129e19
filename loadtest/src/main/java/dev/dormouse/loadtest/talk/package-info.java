/// What clients of the ready-made rooms say, and what they must hear.
@NullMarked
package dev.dormouse.loadtest.talk;

import org.jspecify.annotations.NullMarked;
