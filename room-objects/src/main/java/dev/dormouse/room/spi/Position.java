package dev.dormouse.room.spi;

/// A place in the order in which a store made write sets durable.
///
/// @param file which of the store's orders; positions of different files do not compare
/// @param value grows with every commit of that file
public record Position(int file, long value) {}
