/// The commands of the command line but `serve`: backups, rooms' rows, and a look at the machine.
@NullMarked
package dev.dormouse.server.cli;

import org.jspecify.annotations.NullMarked;
