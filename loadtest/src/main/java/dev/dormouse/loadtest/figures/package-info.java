/// What several processes measured, put together exactly, and drawn.
@NullMarked
package dev.dormouse.loadtest.figures;

import org.jspecify.annotations.NullMarked;
