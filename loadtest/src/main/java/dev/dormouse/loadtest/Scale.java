package dev.dormouse.loadtest;

import java.time.Duration;

/// How large the cases about sleep are, in both servers alike.
///
/// @param rooms that are woken one after the other, a connection each
/// @param rounds how often each of them is woken
/// @param sleep silence before a room is taken to be asleep; both servers need 10 s
/// @param connections whose memory is measured
/// @param usedRooms rooms without connections whose memory is measured
record Scale(int rooms, int rounds, Duration sleep, int connections, int usedRooms) {
  /// Enough for a p99 of 600 wakes, and for growth that fixed costs do not hide.
  static final Scale FULL = new Scale(200, 3, Duration.ofSeconds(12), 5_000, 20_000);

  /// Too short for any room to fall asleep: shows that every answer is right, and no figure.
  static final Scale SMOKE = new Scale(20, 1, Duration.ofMillis(500), 100, 100);

  Scale withRooms(int count) {
    return new Scale(count, rounds, sleep, connections, usedRooms);
  }

  Scale withRounds(int count) {
    return new Scale(rooms, count, sleep, connections, usedRooms);
  }

  Scale withSleep(Duration time) {
    return new Scale(rooms, rounds, time, connections, usedRooms);
  }

  Scale withConnections(int count) {
    return new Scale(rooms, rounds, sleep, count, usedRooms);
  }

  Scale withUsedRooms(int count) {
    return new Scale(rooms, rounds, sleep, connections, count);
  }
}
