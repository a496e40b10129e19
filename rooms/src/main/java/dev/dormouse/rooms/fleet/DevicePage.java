package dev.dormouse.rooms.fleet;

import java.io.Serializable;
import java.util.List;

/// Some devices of a registry.
///
/// @param next ask for those after this name next; empty if there are no more
public record DevicePage(List<DeviceNote> devices, String next) implements Serializable {}
