/// Measures sagas: their rate beside a peer's, their memory while they sleep, and how fast those
/// that are overdue are settled after a kill.
@NullMarked
package dev.dormouse.loadtest.sagas;

import org.jspecify.annotations.NullMarked;
