package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.Descriptors;
import java.util.ArrayList;
import java.util.List;

/// Which process has which connections. A process may have a limited number of descriptors; so
/// there are as many servers as that demands, each with a port, a data folder and a share of the
/// rooms, and for each of them a holder with the connections to just these rooms. A client that
/// knows its room knows its server.
///
/// @param shares one for each server, in the order of rooms
record Plan(List<Share> shares) {
  /// What a connection takes of the heap while its room is awake, with garbage; and a server as
  /// such. One that is hibernated takes a tenth.
  private static final long HEAP_A_CONNECTION = 1_500;

  private static final long HEAP_A_SERVER = 64L << 20;
  private static final long OUTSIDE_THE_HEAP = 90L << 20;
  private static final long HOLDER = 60L << 20;
  private static final long HELD_CONNECTION = 900;

  /// In the kernel, both ends; a part more can be given back.
  private static final long KERNEL_A_PAIR = 6_500;

  Plan {
    shares = List.copyOf(shares);
  }

  /// The connections of one server and one holder.
  ///
  /// @param first number of the first
  record Share(int first, int connections) {}

  /// @param users how many more sockets the servers have, spread evenly
  /// @param perRoom connections of a room, which must not be torn apart
  /// @param limit descriptors of a process
  /// @throws IllegalArgumentException if a process can have next to none
  static Plan of(int connections, int users, int perRoom, long limit) {
    long most = limit - Descriptors.RESERVE;
    if (most < 2L * perRoom) {
      throw new IllegalArgumentException(
          "ulimit -Hn is " + limit + ", of which each process itself needs " + Descriptors.RESERVE);
    }
    int rooms = Math.ceilDiv(connections, perRoom);
    int servers = Math.toIntExact(Math.ceilDiv((long) connections + users, most));
    while (Math.ceilDiv(rooms, servers) * (long) perRoom + Math.ceilDiv(users, servers) > most) {
      servers++;
    }
    servers = Math.min(servers, rooms);
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < servers; i++) {
      int first = (int) ((long) rooms * i / servers) * perRoom;
      int next = Math.min(connections, (int) ((long) rooms * (i + 1) / servers) * perRoom);
      shares.add(new Share(first, next - first));
    }
    return new Plan(shares);
  }

  int servers() {
    return shares.size();
  }

  int connections() {
    return shares.stream().mapToInt(Share::connections).sum();
  }

  /// MiB for a server that is to hold `share`, with rooms awake and garbage between collections.
  static int heap(Share share) {
    return (int) ((HEAP_A_SERVER + share.connections() * HEAP_A_CONNECTION) >> 20);
  }

  /// Bytes that all of it may take at most.
  ///
  /// @param heap MiB of each server
  long memory(int heap) {
    long servers = servers() * (((long) heap << 20) + OUTSIDE_THE_HEAP);
    long holders = servers() * HOLDER + connections() * HELD_CONNECTION;
    return servers + holders + connections() * KERNEL_A_PAIR;
  }
}
