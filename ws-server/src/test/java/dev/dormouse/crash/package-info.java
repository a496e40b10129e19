/// Sagas in a server that dies: a process with a few rooms, a parent that kills it at every named
/// place and at any time, and what both keep to tell afterwards whether all was well.
///
/// Read [dev.dormouse.crash.CrashServer] first, the process; then [dev.dormouse.crash.Arena], its
/// parent; then [dev.dormouse.crash.check.Checker], which judges what is on the disk and shares no
/// code with what wrote it.
@NullMarked
package dev.dormouse.crash;

import org.jspecify.annotations.NullMarked;
