package dev.dormouse.room.spi;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A room's stored state as a wake reads it, in one go.
///
/// @param name by which the room was addressed when its state was written, if it ever was (I1)
/// @param sequence of the last write set; 0 if there never was one
/// @param version see [dev.dormouse.room.Storage#version]
/// @param schema see [dev.dormouse.room.Storage#schema]
/// @param size how much it has, kept with every write set and never counted anew
/// @param alarms all alarm rows
/// @param keys all keys, or word that they are too many to be read at once
/// @param tables whether the room has made anything in SQL
public record RoomImage(
    @Nullable String name,
    long sequence,
    long version,
    int schema,
    RoomSize size,
    List<AlarmRow> alarms,
    Keys keys,
    boolean tables) {

  /// The image of a room without SQL.
  public RoomImage(
      @Nullable String name,
      long sequence,
      long version,
      int schema,
      RoomSize size,
      List<AlarmRow> alarms,
      Keys keys) {
    this(name, sequence, version, schema, size, alarms, keys, false);
  }

  public static RoomImage empty() {
    return new RoomImage(null, 0, 0, 0, RoomSize.NOTHING, List.of(), new Whole(KeyOrder.newMap()));
  }

  /// How the keys came.
  public sealed interface Keys {}

  /// All of them, in UTF-8 order; the map is the receiver's to change.
  public record Whole(SortedMap<String, byte[]> entries) implements Keys {}

  /// Too large to read whole: read on demand by [RoomStore#read] and [RoomStore#list].
  public record OnDemand() implements Keys {}
}
