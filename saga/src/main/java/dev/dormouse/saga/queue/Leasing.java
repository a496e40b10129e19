package dev.dormouse.saga.queue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Handing out messages and taking answers. Belongs to one turn.
final class Leasing {
  static final String EXPIRED = "its lease ran out";
  private static final int NUMBER_DIGITS = 16;
  private static final char SEPARATOR = '-';

  private final GroupSettings settings;
  private final String lineage;
  private final GroupHeader header;
  private final MessageTable table;
  private final long now;

  Leasing(
      GroupSettings settings, String lineage, GroupHeader header, MessageTable table, long now) {
    this.settings = settings;
    this.lineage = lineage;
    this.header = header;
    this.table = table;
    this.now = now;
  }

  List<Lease> lease(int limit, Duration visibility) {
    if (header.paused) {
      return List.of();
    }
    List<Lease> leases = new ArrayList<>();
    for (long position : table.ready(header.purgedTo, limit)) {
      MessageRow row = table.unresolved(position);
      if (row == null) {
        throw new IllegalStateException("message " + position + " is listed and has no row");
      }
      String id = leaseId(position);
      MessageRow leased = row.leased(id, now + visibility.toMillis());
      if (leased.attempts() > 1) {
        header.again++;
      }
      table.change(position, row, leased);
      leases.add(new Lease(position, id, leased.attempts(), leased.time()));
    }
    return leases;
  }

  private String leaseId(long position) {
    header.leases++;
    byte[] secret =
        ByteBuffer.allocate(4 * Long.BYTES + lineage.length())
            .putLong(header.secretHigh)
            .putLong(header.secretLow)
            .putLong(position)
            .putLong(header.leases)
            .put(lineage.getBytes(StandardCharsets.US_ASCII))
            .array();
    return HexFormat.of().toHexDigits(position) + SEPARATOR + Hash128.of(secret).hex();
  }

  Settled ack(String lease) {
    long position = position(lease);
    MessageRow row = answered(position);
    if (row == null) {
      return Settled.ALREADY;
    }
    if (!row.lease().equals(lease)) {
      return Settled.STALE_LEASE;
    }
    header.acked++;
    table.change(position, row, null);
    return Settled.ACKED;
  }

  Settled retry(String lease, Duration delay, String error) {
    if (delay.isNegative() || delay.compareTo(GroupSettings.MAX_DELAY) > 0) {
      throw new IllegalArgumentException("a retry waits up to 366 days, not " + delay);
    }
    long position = position(lease);
    MessageRow row = answered(position);
    if (row == null) {
      return Settled.ALREADY;
    }
    if (!row.lease().equals(lease)) {
      return Settled.STALE_LEASE;
    }
    if (row.attempts() > settings.maxRetries()) {
      table.change(position, row, row.dead(error));
      return Settled.DEAD;
    }
    long wait = Math.max(delay.toMillis(), settings.backoff().after(row.attempts(), row.key()));
    table.change(position, row, row.delayed(now + wait, error));
    return Settled.RETRYING;
  }

  Settled extend(String lease, Duration visibility) {
    long position = position(lease);
    MessageRow row = answered(position);
    if (row == null) {
      return Settled.ALREADY;
    }
    // Given up, waiting or with somebody else: there is nothing left to hold on to.
    if (!row.lease().equals(lease)) {
      return Settled.STALE_LEASE;
    }
    table.change(position, row, row.leasedUntil(now + visibility.toMillis()));
    return Settled.EXTENDED;
  }

  /// The message that a lease is about, or null if it has gone. A lease that ran out counts until
  /// the message is handed out again, given up, or made to wait by an answer.
  private @Nullable MessageRow answered(long position) {
    if (position < header.purgedTo) {
      return null;
    }
    MessageRow row = table.unresolved(position);
    return row != null ? row : table.dead(position);
  }

  private static long position(String lease) {
    if (lease.length() <= NUMBER_DIGITS || lease.charAt(NUMBER_DIGITS) != SEPARATOR) {
      throw new IllegalArgumentException("no lease has the id '" + lease + "'");
    }
    return HexFormat.fromHexDigitsToLong(lease, 0, NUMBER_DIGITS);
  }

  /// The delay or the lease of the message has ended.
  void due(long position) {
    MessageRow row = table.unresolved(position);
    if (row == null) {
      throw new IllegalStateException("message " + position + " has a time and no row");
    }
    if (position < header.purgedTo) {
      table.change(position, row, null);
    } else if (row.state() == MessageState.DELAYED) {
      table.change(position, row, row.due());
    } else if (row.attempts() > settings.maxRetries()) {
      table.change(position, row, row.dead(EXPIRED));
    } else {
      table.change(position, row, row.expired(EXPIRED));
    }
  }
}
