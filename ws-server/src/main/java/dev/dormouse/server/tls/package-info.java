/// TLS at the server's own port, for those who have nothing in front of it that speaks it.
@NullMarked
package dev.dormouse.server.tls;

import org.jspecify.annotations.NullMarked;
