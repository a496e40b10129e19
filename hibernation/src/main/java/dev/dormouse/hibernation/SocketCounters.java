package dev.dormouse.server.sockets;

import java.util.concurrent.atomic.LongAdder;

/// What the socket side counts, for metrics; totals since the start.
public final class SocketCounters {
  /// Messages to connections that were closing or gone (O4).
  public final LongAdder dropped = new LongAdder();

  /// Connections closed because their client read too slowly (C7).
  public final LongAdder slow = new LongAdder();

  /// Messages that came in whole.
  public final LongAdder received = new LongAdder();

  /// Messages handed to the network.
  public final LongAdder sent = new LongAdder();
}
