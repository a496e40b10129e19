/// For testing rooms, stores and the runtime itself: threads and time in the test's hand, a store
/// in memory, connections without sockets, and contract suites that every implementation must pass.
///
/// To test a room of your own, begin with [dev.dormouse.testkit.RoomTester].
@NullMarked
package dev.dormouse.testkit;

import org.jspecify.annotations.NullMarked;
