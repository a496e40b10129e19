package dev.dormouse.room.runtime;

import dev.dormouse.room.Codec;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.spi.ConnectionRecords;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.Sockets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Collects a node's parts; all but the observer are needed.
public final class RoomNodeBuilder {
  final Map<String, Namespace> namespaces = new LinkedHashMap<>();
  @Nullable RoomStore store;
  @Nullable ConnectionRecords records;
  @Nullable Sockets sockets;
  @Nullable Execution execution;
  RoomObserver observer = RoomObserver.NONE;
  final List<Facility> facilities = new ArrayList<>();
  @Nullable Codec codec;
  byte @Nullable [] idKey;
  int mostAwake = Integer.MAX_VALUE;
  long awakeMemory = Long.MAX_VALUE / 4;
  BooleanSupplier pressed = () -> false;

  RoomNodeBuilder() {}

  /// @throws IllegalArgumentException if two namespaces have the same name
  public RoomNodeBuilder namespaces(List<Namespace> all) {
    for (Namespace namespace : all) {
      if (namespaces.putIfAbsent(namespace.name(), namespace) != null) {
        throw new IllegalArgumentException("two namespaces are named '" + namespace.name() + "'");
      }
    }
    return this;
  }

  public RoomNodeBuilder store(RoomStore store) {
    this.store = store;
    return this;
  }

  /// @param records empty, and closed by the caller after the node has stopped
  public RoomNodeBuilder records(ConnectionRecords records) {
    this.records = records;
    return this;
  }

  public RoomNodeBuilder sockets(Sockets sockets) {
    this.sockets = sockets;
    return this;
  }

  public RoomNodeBuilder execution(Execution execution) {
    this.execution = execution;
    return this;
  }

  public RoomNodeBuilder observer(RoomObserver observer) {
    this.observer = observer;
    return this;
  }

  /// Adds a facility to every room. Its name is for good: rows are kept below it.
  ///
  /// @throws IllegalArgumentException if another has its name, or the name cannot be one
  public RoomNodeBuilder facility(Facility facility) {
    if (!Facility.isName(facility.name())) {
      throw new IllegalArgumentException("a facility cannot be named '" + facility.name() + "'");
    }
    for (Facility other : facilities) {
      if (other.name().equals(facility.name())) {
        throw new IllegalArgumentException("two facilities are named '" + facility.name() + "'");
      }
    }
    facilities.add(facility);
    return this;
  }

  public RoomNodeBuilder codec(Codec codec) {
    this.codec = codec;
    return this;
  }

  /// @param key 32 bytes, kept with the data (I1)
  public RoomNodeBuilder idKey(byte[] key) {
    this.idKey = key.clone();
    return this;
  }

  /// @param rooms how many may be awake before requests and upgrades to others are refused as
  ///   overloaded; any number unless said
  public RoomNodeBuilder mostAwake(int rooms) {
    this.mostAwake = rooms;
    return this;
  }

  /// @param bytes of memory that large rooms may take together before others of them wait to be let
  ///   in, see [dev.dormouse.room.RoomContext#holds]; any number unless said
  public RoomNodeBuilder awakeMemory(long bytes) {
    this.awakeMemory = bytes;
    return this;
  }

  /// @param pressed whether so much waits in memory that rooms with work are *behind* (O6); asked
  ///   for each event
  public RoomNodeBuilder pressed(BooleanSupplier pressed) {
    this.pressed = pressed;
    return this;
  }

  public RoomNode build() {
    return new RoomNode(this);
  }
}
