package dev.dormouse.loadtest;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// The file descriptors that a server takes, which bound what can be opened on it.
///
/// @param connection for each WebSocket
/// @param awakeRoom for each room that is in memory
public record Descriptors(int connection, int awakeRoom) {
  /// A socket and nothing more.
  static final Descriptors ONE = new Descriptors(1, 0);

  /// For the program itself, and for rooms that are woken to be looked at.
  public static final int RESERVE = 500;

  /// How long a room that was opened may stay in memory: 10 s of silence and a busy moment.
  private static final int AWAKE_SECONDS = 15;

  /// Below this opening takes longer than anyone waits.
  private static final int SLOWEST = 20;

  /// What a process here may open. A JVM raises its own limit to the hard one at its start, and the
  /// servers it starts inherit that.
  public static long limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /// @throws Arguments.Misunderstood for more connections than this process may have
  public static void check(int connections) {
    long most = limit() - RESERVE;
    if (connections > most) {
      throw new Arguments.Misunderstood(
          "--connections takes up to %d here: ulimit -Hn, less %d".formatted(most, RESERVE));
    }
  }

  /// How many of `wanted` connections fit below `limit`.
  ///
  /// @param roomEach whether each opens a room of its own
  int fitting(int wanted, long limit, boolean roomEach) {
    long rooms = roomEach ? (long) SLOWEST * AWAKE_SECONDS * awakeRoom : awakeRoom;
    return Math.clamp((limit - RESERVE - rooms) / connection, 0, wanted);
  }

  /// How fast rooms may be opened so that those not asleep yet, and in the end `connections`, fit
  /// below `limit`.
  Pace pace(int connections, long limit) {
    return awakeRoom == 0 ? Pace.unbounded() : Pace.of(roomsPerSecond(connections, limit));
  }

  double roomsPerSecond(int connections, long limit) {
    long left = limit - RESERVE - (long) connections * connection;
    return Math.max(SLOWEST, left / (double) (AWAKE_SECONDS * awakeRoom));
  }
}
