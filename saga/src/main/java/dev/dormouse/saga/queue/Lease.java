package dev.dormouse.saga.queue;

import java.io.Serializable;

/// A message handed out.
///
/// @param position where the log has it
/// @param id what to answer with; cannot be guessed
/// @param attempt how often it has been handed out, this time included
/// @param until when it may be handed out to somebody else, in milliseconds since 1970
public record Lease(long position, String id, int attempt, long until) implements Serializable {}
