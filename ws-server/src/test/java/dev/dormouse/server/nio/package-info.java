@NullMarked
package dev.dormouse.server.nio;

import org.jspecify.annotations.NullMarked;
