package dev.dormouse.rooms.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// One message of a conversation, as it is kept and as it is told.
///
/// @param offset its place, from 1, without holes
/// @param at when the room took it, in milliseconds since 1970 UTC
/// @param from the name that its author had then
/// @param id what its author called it, if they did
@JsonInclude(JsonInclude.Include.NON_NULL)
record Line(long offset, long at, String from, String text, @Nullable String id) {}
