package dev.dormouse.rooms.fleet;

import java.io.Serializable;

/// What an update asks of a device.
///
/// @param device its room's name
/// @param firmware the version it shall have
/// @param soakMillis how long it must be there, connected and well, before it counts as updated
/// @param timeoutMillis how long it may take from the moment it was told
/// @param ends when it must be done at the latest, told or not, in milliseconds since 1970 UTC
/// @param backMillis how long it may take to go back to the version it had
public record Assign(
    String device, String firmware, long soakMillis, long timeoutMillis, long ends, long backMillis)
    implements Serializable {}
