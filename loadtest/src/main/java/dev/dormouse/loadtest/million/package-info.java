/// As many connections as one machine can hold, over as many processes as that takes.
@NullMarked
package dev.dormouse.loadtest.million;

import org.jspecify.annotations.NullMarked;
