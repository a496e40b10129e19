/// JSON in and out for the ready-made rooms.
@NullMarked
package dev.dormouse.rooms.json;

import org.jspecify.annotations.NullMarked;
