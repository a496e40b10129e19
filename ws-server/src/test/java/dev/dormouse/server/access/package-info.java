@NullMarked
package dev.dormouse.server.access;

import org.jspecify.annotations.NullMarked;
