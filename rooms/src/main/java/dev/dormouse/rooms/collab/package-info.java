/// Shared documents: the room that Yjs editors meet in, speaking the protocol of `y-websocket`.
///
/// Read [DocumentRoom] first, then [AwarenessDoorman], which stands before it;
/// [dev.dormouse.rooms.yjs] knows what is inside the frames.
@NullMarked
package dev.dormouse.rooms.collab;

import org.jspecify.annotations.NullMarked;
