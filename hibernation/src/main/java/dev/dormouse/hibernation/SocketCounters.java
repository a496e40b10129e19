package dev.dormouse.hibernation;

import java.util.concurrent.atomic.LongAdder;

/// What the socket side counts, for metrics: totals since the start, and at the end of the list
/// what there is at present.
public final class SocketCounters {
  /// Messages to connections that were closing or gone (O4).
  public final LongAdder dropped = new LongAdder();

  /// Connections closed because their client read too slowly (C7).
  public final LongAdder slow = new LongAdder();

  /// Connections closed because their client's token had expired.
  public final LongAdder expired = new LongAdder();

  /// Connections closed because their client's token had been revoked.
  public final LongAdder revoked = new LongAdder();

  /// Tokens by which connections were let stay longer.
  public final LongAdder renewed = new LongAdder();

  /// Messages of connections that may only read which did not reach their room.
  public final LongAdder unheard = new LongAdder();

  /// Messages that came in whole.
  public final LongAdder received = new LongAdder();

  /// Messages handed to the network.
  public final LongAdder sent = new LongAdder();

  /// Pings that the wire answered; none reaches a room.
  public final LongAdder pings = new LongAdder();

  /// Messages that an automatic response answered; none reaches a room (C6).
  public final LongAdder autoResponses = new LongAdder();

  /// Messages sent to connections because they were silent.
  public final LongAdder fed = new LongAdder();

  /// Messages that a doorman kept from its room.
  public final LongAdder taken = new LongAdder();

  /// Messages that a doorman passed to its room.
  public final LongAdder passed = new LongAdder();

  /// Messages that doormen said to the connection at hand.
  public final LongAdder answered = new LongAdder();

  /// Messages that doormen said to all other connections; each counts once.
  public final LongAdder relayed = new LongAdder();

  /// Relayed messages, counted at each connection that they were sent to.
  public final LongAdder deliveries = new LongAdder();

  /// Now: connections that have joined their room's audience. Of all connections the others have
  /// not been taken in by their room yet, or are closing.
  public final LongAdder joined = new LongAdder();

  /// Now: connections that stand on a porch.
  public final LongAdder onPorches = new LongAdder();

  /// Now: porches that are open.
  public final LongAdder porches = new LongAdder();

  /// Now: what all porches hold, in bytes, as they say themselves (H3).
  public final LongAdder porchBytes = new LongAdder();

  /// Parked sockets that have come back, because of either side.
  public final LongAdder unparked = new LongAdder();

  /// Pings and messages of clients that were seen to while their socket was parked.
  public final LongAdder attended = new LongAdder();

  /// Now: sockets of which only the descriptor is kept.
  public final LongAdder parked = new LongAdder();

  /// Now: sockets of which one side has said that it closes, and which are not closed yet.
  public final LongAdder closing = new LongAdder();

  /// Now: bytes handed to sockets that have not left yet, frame headers included.
  public final LongAdder queued = new LongAdder();

  /// Now: sockets that are not read because a room of theirs is behind (O6).
  public final LongAdder paused = new LongAdder();
}
