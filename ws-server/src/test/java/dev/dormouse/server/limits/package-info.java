@NullMarked
package dev.dormouse.server.limits;

import org.jspecify.annotations.NullMarked;
