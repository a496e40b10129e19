/// A tenant's registry: which devices there are, and which rollouts.
@NullMarked
package dev.dormouse.rooms.fleet.registry;

import org.jspecify.annotations.NullMarked;
