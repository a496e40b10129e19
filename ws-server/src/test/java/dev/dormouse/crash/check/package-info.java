/// Judges what a server with sagas has left on its disk. Knows the formats of `docs/saga-format.md`
/// and nothing of the code that writes them.
@NullMarked
package dev.dormouse.crash.check;

import org.jspecify.annotations.NullMarked;
