/// Backups: making them beside rooms at work, checking them, and making a data folder of one.
@NullMarked
package dev.dormouse.server.backup;

import org.jspecify.annotations.NullMarked;
