/// Gatling's simulations: users who work, are measured, and whose assertions fail the build.
@NullMarked
package dev.dormouse.loadtest.simulations;

import org.jspecify.annotations.NullMarked;
