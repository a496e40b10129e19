/// Who is let in at the ports: counts clients in and out, and sends away those over a limit. Knows
/// of no transport.
@NullMarked
package dev.dormouse.server.limits;

import org.jspecify.annotations.NullMarked;
