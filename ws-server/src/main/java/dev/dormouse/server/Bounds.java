package dev.dormouse.server;

import dev.dormouse.server.limits.Limits;
import dev.dormouse.server.limits.Metering;
import dev.dormouse.server.limits.Networks;
import dev.dormouse.server.limits.Rate;
import dev.dormouse.server.limits.Ticks;

/// How much a server takes on. What its settings leave open follows from the heap and from the
/// descriptors that the process may have.
final class Bounds {
  /// What a small room that is awake takes of the heap with all that belongs to it, generously.
  private static final int ROOM = 16 * 1024;

  /// What a client that says nothing takes of it.
  private static final int CLIENT = 1024;

  private static final int CLIENT_NEVER_PARKED = 16 * 1024;
  private static final int CLIENT_WITH_TLS = 64 * 1024;

  private static final long LEAST_AWAKE_MEMORY = 16 << 20;

  private static final int MOST_ROOMS = 1_000_000_000;

  private Bounds() {}

  /// Addresses that many clients share.
  private static Networks proxies(ServerSettings settings) {
    return networks(settings, Setting.PROXIES).with(trustedProxies(settings));
  }

  /// Proxies whose word counts for who their clients are.
  static Networks trustedProxies(ServerSettings settings) {
    return networks(settings, Setting.TRUSTED_PROXIES);
  }

  private static Networks networks(ServerSettings settings, Setting setting) {
    try {
      return Networks.of(settings.list(setting));
    } catch (IllegalArgumentException e) {
      throw new StartException("'" + setting.key() + "': " + e.getMessage(), e);
    }
  }

  static Metering metering(ServerSettings settings, Ticks ticks) {
    int connects = settings.number(Setting.HANDSHAKE_RATE);
    return new Metering(
        ticks,
        new Metering.Rates(
            rate(settings, Setting.MESSAGE_RATE, Setting.BYTE_RATE),
            rate(settings, Setting.MESSAGE_RATE_PER_ADDRESS, Setting.BYTE_RATE_PER_ADDRESS),
            rate(settings, Setting.MESSAGE_RATE_PER_USER, Setting.BYTE_RATE_PER_USER),
            connects == 0 ? Rate.ANY : connects),
        proxies(settings));
  }

  private static Rate rate(ServerSettings settings, Setting messages, Setting bytes) {
    return Rate.of(settings.number(messages), settings.number(bytes));
  }

  /// How many rooms may be awake.
  static int awakeRooms(ServerSettings settings) {
    int set = settings.number(Setting.AWAKE_ROOMS);
    return set > 0 ? set : (int) Math.min(Runtime.getRuntime().maxMemory() / ROOM, MOST_ROOMS);
  }

  /// How much large rooms that are awake may take of the memory, in bytes.
  static long awakeMemory(ServerSettings settings) {
    long set = settings.bytes(Setting.AWAKE_MEMORY);
    if (set > 0 && set < LEAST_AWAKE_MEMORY) {
      throw new StartException(
          "'%s' is at least %,d bytes, not %,d: one large document takes as much"
              .formatted(Setting.AWAKE_MEMORY.key(), LEAST_AWAKE_MEMORY, set));
    }
    return set > 0 ? Math.min(set, Long.MAX_VALUE / 4) : Runtime.getRuntime().maxMemory() / 2;
  }

  /// How much may wait in memory, in bytes.
  static long queueMemory(ServerSettings settings) {
    long set = settings.bytes(Setting.QUEUE_MEMORY);
    return set > 0 ? set : Runtime.getRuntime().maxMemory() / 4;
  }

  static Limits limits(ServerSettings settings) {
    return Limits.fitted(
        settings.number(Setting.CLIENTS),
        settings.number(Setting.CLIENTS_PER_ADDRESS),
        settings.number(Setting.HANDSHAKES),
        settings.seconds(Setting.HANDSHAKE),
        proxies(settings),
        Limits.descriptors(),
        sqlDescriptors(settings),
        Runtime.getRuntime().maxMemory() / client(settings));
  }

  /// What a client that says nothing takes of the heap with all that belongs to it, in bytes,
  /// generously.
  private static int client(ServerSettings settings) {
    if (!settings.text(Setting.TLS_CERTIFICATE).isEmpty()) {
      return CLIENT_WITH_TLS;
    }
    return settings.seconds(Setting.PARK).isZero() ? CLIENT_NEVER_PARKED : CLIENT;
  }

  /// How many descriptors the databases of rooms may take: each has its file, its log, and the log
  /// once more for its syncs.
  static long sqlDescriptors(ServerSettings settings) {
    return 3L * settings.number(Setting.SQL_FILES);
  }
}
