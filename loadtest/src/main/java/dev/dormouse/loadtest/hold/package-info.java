/// Holds very many WebSockets open in one process, and wakes a share of them.
@NullMarked
package dev.dormouse.loadtest.hold;

import org.jspecify.annotations.NullMarked;
