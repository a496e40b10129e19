/// Tests of metrics, dashboards and alerts.
@NullMarked
package dev.dormouse.server.metrics;

import org.jspecify.annotations.NullMarked;
