package dev.dormouse.saga.queue;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/// What a turn of a group decided: to be stored as a whole or not at all.
///
/// @param rows new values by key; empty for what is to be deleted
/// @param nextAlarm when the group wants a turn with [GroupTurn#wake], in milliseconds since 1970,
///   perhaps past; replaces any earlier wish
public record GroupChanges(SortedMap<String, Optional<byte[]>> rows, OptionalLong nextAlarm) {}
