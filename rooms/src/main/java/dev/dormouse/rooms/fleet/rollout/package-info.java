/// A rollout: brings many devices to a new firmware, group by group, and back if it does not work.
///
/// [dev.dormouse.rooms.fleet.rollout.Course] decides what is done next,
/// [dev.dormouse.rooms.fleet.rollout.Gate] whether a group may be followed by another.
@NullMarked
package dev.dormouse.rooms.fleet.rollout;

import org.jspecify.annotations.NullMarked;
