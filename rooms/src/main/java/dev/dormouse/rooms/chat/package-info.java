/// Chat with a history that a client can resume after a break, and know whether it missed anything.
///
/// Read [ChatRoom] first, then [ChatLog] for what is kept; [Said] and [Frame] are the protocol.
@NullMarked
package dev.dormouse.rooms.chat;

import org.jspecify.annotations.NullMarked;
