/// The server as its users meet it: a process of its own, killed and started again, with real
/// clients. Begin with [dev.dormouse.e2e.ServerProcess].
@NullMarked
package dev.dormouse.e2e;

import org.jspecify.annotations.NullMarked;
