package dev.dormouse.server.limits;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/// How many clients are let in.
///
/// @param clients the most at once
/// @param perAddress the most of one address; an address of IPv6 is its first 64 bits, all of which
///   one household has
/// @param handshakes the most that have not been answered yet
/// @param handshake how long a client may take to say what it wants; zero for as long as it likes
/// @param exempt addresses for which `perAddress` does not hold
/// @param told the most that are told at once why they are sent away
public record Limits(
    int clients, int perAddress, int handshakes, Duration handshake, Networks exempt, int told) {

  /// The descriptors that are kept back beside those of databases of rooms: storage, jars and other
  /// ports need some, and those who are sent away one each while they are told.
  private static final int RESERVE = 400;

  /// Of few descriptors the process gets at most this part, and databases of rooms another.
  private static final int PART = 4;

  /// What one address may have of all places: so no single one can take them all.
  private static final int SHARE = 2;

  private static final int TOLD = 128;

  /// For a port that lets everybody in.
  public static Limits none() {
    return new Limits(
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        Duration.ZERO,
        Networks.NONE,
        TOLD);
  }

  /// Fills in what was left open; a limit of zero is open.
  ///
  /// @param descriptors how many the process may have
  /// @param files how many of them databases of rooms may take
  /// @param fit how many clients the memory is enough for
  public static Limits fitted(
      int clients,
      int perAddress,
      int handshakes,
      Duration handshake,
      Networks exempt,
      long descriptors,
      long files,
      long fit) {
    long reserve = Math.min(RESERVE, descriptors / PART);
    long left = descriptors - reserve - Math.min(files, descriptors / PART);
    int all = clients > 0 ? clients : Math.clamp(Math.min(left, fit), 1, Integer.MAX_VALUE);
    return new Limits(
        all,
        perAddress > 0 ? perAddress : Math.max(1, all / SHARE),
        handshakes > 0 ? handshakes : Integer.MAX_VALUE,
        handshake,
        exempt,
        (int) Math.min(TOLD, reserve / PART));
  }

  /// How many descriptors this process may have; as good as any number where nobody can tell.
  public static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : Integer.MAX_VALUE;
  }
}
