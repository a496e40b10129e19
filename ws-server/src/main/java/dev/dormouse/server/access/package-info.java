/// Who a client is and what it may do: tokens, the keys that they are signed with, and the grants
/// in them. Knows nothing of HTTP and sockets.
@NullMarked
package dev.dormouse.server.access;

import org.jspecify.annotations.NullMarked;
