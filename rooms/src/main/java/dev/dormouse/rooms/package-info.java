/// Ready-made rooms, each in a package of its own, and how they are offered.
@NullMarked
package dev.dormouse.rooms;

import org.jspecify.annotations.NullMarked;
