/// What the server counts and measures, for Prometheus; and what it logs of its rooms.
@NullMarked
package dev.dormouse.server.metrics;

import org.jspecify.annotations.NullMarked;
