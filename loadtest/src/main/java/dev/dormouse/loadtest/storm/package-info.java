/// A server with its real rooms under load and faults for an hour, and books outside of it in which
/// nothing may be missing afterwards.
@NullMarked
package dev.dormouse.loadtest.storm;

import org.jspecify.annotations.NullMarked;
