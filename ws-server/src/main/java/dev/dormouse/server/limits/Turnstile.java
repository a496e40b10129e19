package dev.dormouse.server.limits;

import dev.dormouse.room.spi.Execution;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts clients in and out: all, those of each address, and those that have not been answered
/// yet. Whoever is let in gets a pass, a number that says where it is counted; who keeps it gives
/// it back exactly once ([Passes], [Pass]), whatever becomes of the client meanwhile.
///
/// For any thread; nothing blocks.
public final class Turnstile {
  private static final Logger LOG = LoggerFactory.getLogger(Turnstile.class);

  /// Set in the pass of a client that has not been answered.
  private static final int WAITS = 1 << 30;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final Limits limits;
  private final Execution execution;
  private final Map<Reason, LongAdder> sentAway = new EnumMap<>(Reason.class);
  private final Arrivals arrivals;
  private final Partings partings;
  private final @Nullable Metering metering;

  /// Guarded by this, as are the fields below.
  private final Addresses addresses = new Addresses();

  private int clients;
  private int handshakes;

  /// When it was last said that clients are sent away; by reason, in nanoseconds.
  private final Map<Reason, Long> said = new EnumMap<>(Reason.class);

  /// For a port at which nobody connects too often.
  public Turnstile(Limits limits, Execution execution) {
    this(limits, execution, null);
  }

  /// @param metering asked whether an address connects too often; null for never
  public Turnstile(Limits limits, Execution execution, @Nullable Metering metering) {
    this.limits = limits;
    this.metering = metering;
    this.execution = execution;
    for (Reason reason : Reason.values()) {
      sentAway.put(reason, new LongAdder());
    }
    this.arrivals = new Arrivals(execution, limits.handshake(), sentAway(Reason.LATE));
    this.partings = new Partings(execution, limits.told());
  }

  /// Counts a client in, if there is room for it.
  public Entry enter(InetAddress address) {
    boolean often = metering != null && !metering.connects(address);
    Reason why;
    synchronized (this) {
      if (often) {
        why = Reason.RATE;
      } else if (clients >= limits.clients()) {
        why = Reason.CLIENTS;
      } else if (handshakes >= limits.handshakes()) {
        why = Reason.HANDSHAKES;
      } else {
        int slot = addresses.add(Addresses.key(address), most(address));
        if (slot >= 0) {
          clients++;
          handshakes++;
          return new Entry.LetIn(WAITS | (slot + 1));
        }
        why = Reason.ADDRESS;
      }
    }
    sentAway(why).increment();
    say(why, address);
    return new Entry.Refused(why);
  }

  private int most(InetAddress address) {
    return limits.exempt().contains(address) ? Integer.MAX_VALUE : limits.perAddress();
  }

  /// Tells a client why it was not let in, where that can be had cheaply, and closes it.
  public void sendAway(Stranger stranger, Reason why) {
    partings.add(stranger, why);
  }

  /// Gives a client its time to say what it wants; [#heard] or [#gone] must follow.
  public void await(Guest guest) {
    arrivals.add(guest);
  }

  /// A client has said what it wants.
  ///
  /// @return whether that was awaited
  public boolean heard(Guest guest) {
    return arrivals.remove(guest);
  }

  /// A client that may have been awaited is no more.
  public void gone(Guest guest) {
    var _ = arrivals.remove(guest);
  }

  // For those who keep passes.

  /// Whether the client of a pass has not been answered.
  static boolean waits(int pass) {
    return (pass & WAITS) != 0;
  }

  /// A client's pass once it has been answered.
  static int answered(int pass) {
    return pass & ~WAITS;
  }

  synchronized void answered() {
    handshakes--;
  }

  synchronized void leave(int pass) {
    clients--;
    if (waits(pass)) {
      handshakes--;
    }
    addresses.remove(answered(pass) - 1);
  }

  /// Takes a seat at an address for a client that has one already, and may leave it with [#unseat];
  /// both count until then.
  ///
  /// @return 0 if the address has none left
  int seat(InetAddress address) {
    int seat;
    synchronized (this) {
      seat = addresses.add(Addresses.key(address), most(address)) + 1;
    }
    if (seat == 0) {
      sentAway(Reason.ADDRESS).increment();
      say(Reason.ADDRESS, address);
    }
    return seat;
  }

  /// A client's pass with another seat, if it has not been given back.
  static int moved(int pass, int seat) {
    return pass == 0 ? 0 : (pass & WAITS) | seat;
  }

  synchronized void unseat(int pass) {
    addresses.remove(answered(pass) - 1);
  }

  /// See [Guest#origin].
  ///
  /// @param socket where the client's socket comes from; null if that is not known
  @Nullable SocketAddress origin(int pass, @Nullable SocketAddress socket) {
    if (pass == 0 || !(socket instanceof InetSocketAddress peer)) {
      return socket;
    }
    long seat;
    synchronized (this) {
      seat = addresses.key(answered(pass) - 1);
    }
    return seat == Addresses.key(peer.getAddress())
        ? socket
        : new InetSocketAddress(Addresses.address(seat), 0);
  }

  // What it knows.

  /// How many clients are in.
  public synchronized int clients() {
    return clients;
  }

  /// How many of them have not been answered yet.
  public synchronized int handshakes() {
    return handshakes;
  }

  /// From how many addresses they come.
  public synchronized int addresses() {
    return addresses.size();
  }

  /// How many are being told why they are not let in.
  public int parting() {
    return partings.size();
  }

  public Limits limits() {
    return limits;
  }

  /// How many were sent away for a reason, in all.
  public LongAdder sentAway(Reason reason) {
    return Objects.requireNonNull(sentAway.get(reason));
  }

  /// Says once a minute that clients are sent away.
  private void say(Reason why, InetAddress address) {
    long now = execution.nanoTime();
    synchronized (this) {
      @Nullable Long before = said.get(why);
      if (before != null && now - before < MINUTE) {
        return;
      }
      said.put(why, now);
    }
    switch (why) {
      case CLIENTS ->
          LOG.warn("clients are sent away: there are {} already (--clients)", limits.clients());
      case HANDSHAKES ->
          LOG.warn(
              "clients are sent away: {} others have not been answered yet (--handshakes)",
              limits.handshakes());
      case ADDRESS ->
          LOG.warn(
              "clients are sent away: {} has {} already (--clients-per-address); if it is a proxy,"
                  + " name it in --trusted-proxies",
              address.getHostAddress(),
              limits.perAddress());
      case RATE ->
          LOG.warn(
              "clients are sent away: {} connects too often (--handshake-rate); if it is a proxy,"
                  + " name it in --trusted-proxies",
              address.getHostAddress());
      case LATE, DESCRIPTORS, USER -> {
        // Said where it is found out.
      }
    }
  }
}
