@NullMarked
package dev.dormouse.rooms.analytics;

import org.jspecify.annotations.NullMarked;
