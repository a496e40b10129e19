package dev.dormouse.rooms.fleet;

import java.io.Serializable;

/// A device's answer to an [Assign]: the update is open.
///
/// @param previous the firmware it had, to which an undo brings it back
/// @param desired the version of its desired state that asks for the new one
public record Assigned(String previous, long desired) implements Serializable {}
