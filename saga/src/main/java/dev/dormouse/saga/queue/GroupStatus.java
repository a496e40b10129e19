package dev.dormouse.saga.queue;

import java.io.Serializable;

/// A group in numbers.
///
/// @param position where it will read the log next; the log's end less this is what it has not seen
/// @param lowWater what lies before it in the log is no longer needed by this group
/// @param logEpoch how often the log was found to have lost its tail
/// @param ready messages that wait to be handed out
/// @param delayed messages that wait for a time
/// @param leased messages that somebody has
/// @param dead messages that were given up and can be driven again
/// @param letters dead letters that have still to be sent
/// @param taken how many messages were ever read, duplicates not counted
/// @param duplicates how many were dropped since their key had been read shortly before
/// @param leases how often a message was ever handed out
/// @param again how often one that had been handed out before
/// @param acked how many were ever acknowledged
/// @param lost how many log entries were gone or damaged when it came to read them
public record GroupStatus(
    long position,
    long lowWater,
    long logEpoch,
    boolean paused,
    long ready,
    long delayed,
    long leased,
    long dead,
    long letters,
    long taken,
    long duplicates,
    long leases,
    long again,
    long acked,
    long lost)
    implements Serializable {}
