package dev.dormouse.server.limits;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// How much connections, addresses and users may say, and what is done about those who say more: a
/// socket is not read for a while, a request is answered 429.
///
/// For any thread; nothing blocks.
public final class Metering {
  /// How many seconds' worth of handshakes may come at once: an office that comes back after a
  /// restart does so in one second.
  static final int CONNECTS_BURST = 10;

  private final Ticks ticks;
  private final Rates rates;
  private final Networks exempt;
  private final Two addresses;
  private final Two users;
  private final Tallies connects;
  private final LongAdder throttled = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /// @param perConnection of one WebSocket
  /// @param perAddress of all WebSockets and requests of one address
  /// @param perUser of all of one user
  /// @param connects how many times one address may connect in a second, and one user begin a
  ///   handshake; [Rate#ANY] for any number
  public record Rates(Rate perConnection, Rate perAddress, Rate perUser, int connects) {
    public static final Rates NONE = new Rates(Rate.NONE, Rate.NONE, Rate.NONE, Rate.ANY);
  }

  /// The buckets of one limit.
  private record Two(boolean on, Tallies messages, Tallies bytes) {
    static Two of(Rate rate) {
      return new Two(
          rate.isLimit(),
          new Tallies(rate.messages(), Rate.BURST),
          new Tallies(rate.bytes(), Rate.BURST));
    }

    int bucket(long key) {
      return on ? messages.bucket(key) : -1;
    }

    int take(int bucket, int tick, int count, long size) {
      // One number finds both: neither knows the other's seed, but a bucket is as good as any.
      return bucket < 0
          ? 0
          : Math.max(messages.take(bucket, tick, count), bytes.take(bucket, tick, size));
    }
  }

  /// @param exempt addresses that have no limit of their own, since many share them
  public Metering(Ticks ticks, Rates rates, Networks exempt) {
    this.ticks = ticks;
    this.rates = rates;
    this.exempt = exempt;
    this.addresses = Two.of(rates.perAddress());
    this.users = Two.of(rates.perUser());
    this.connects = new Tallies(rates.connects(), CONNECTS_BURST);
  }

  Ticks ticks() {
    return ticks;
  }

  /// The present tick, see [Ticks].
  public int tick() {
    return ticks.now();
  }

  /// How many frames one connection may send in a tick, on average.
  public int perTick() {
    return Math.max(1, rates.perConnection().messages() / Ticks.SECOND);
  }

  Rate perConnection() {
    return rates.perConnection();
  }

  /// How often a socket was not read for a while because it, its address or its user said too much.
  public LongAdder throttled() {
    return throttled;
  }

  /// How many requests were refused because their address or user asked too much.
  public LongAdder refused() {
    return refused;
  }

  /// A meter for a connection that begins.
  ///
  /// @param peer its address, if it is known
  /// @param user the bucket of its user, see [#user]
  public Meter meter(@Nullable SocketAddress peer, int user) {
    int address =
        addresses.on && peer instanceof InetSocketAddress inet && !exempt(inet.getAddress())
            ? addresses.bucket(Addresses.key(inet.getAddress()))
            : -1;
    return new Meter(
        this, address < 0 && user < 0 ? Meter.Account.NOBODY : new Meter.Account(address, user));
  }

  /// A meter for a connection that comes back.
  ///
  /// @param account of its first one, see [Meter#account]
  public Meter meter(int account) {
    return new Meter(this, Meter.Account.of(account));
  }

  /// Charges what a connection says that has no meter just now.
  ///
  /// @param account see [Meter#account]
  /// @return whether it may go on
  public boolean charge(int account, int messages, long bytes) {
    return account == 0 || charge(Meter.Account.of(account), ticks.now(), messages, bytes) == 0;
  }

  /// The bucket of a user; -1 if users have no limit, or this one is nobody but an address that has
  /// none.
  ///
  /// @param subject who it is: what a token says, or else the address
  public int user(String subject, @Nullable SocketAddress peer) {
    return counts(subject, peer) ? users.bucket(key(subject)) : -1;
  }

  private boolean counts(String subject, @Nullable SocketAddress peer) {
    return !(peer instanceof InetSocketAddress inet
        && exempt(inet.getAddress())
        && subject.equals(inet.getAddress().getHostAddress()));
  }

  private boolean exempt(InetAddress address) {
    return exempt.contains(address);
  }

  private static long key(String subject) {
    long hash = 0xcbf2_9ce4_8422_2325L;
    for (int i = 0; i < subject.length(); i++) {
      hash = (hash ^ subject.charAt(i)) * 0x100_0000_01b3L;
    }
    return hash;
  }

  /// Charges an address for connecting; whether it may.
  boolean connects(InetAddress address) {
    return rates.connects() == Rate.ANY
        || exempt(address)
        || connects.take(connects.bucket(Addresses.key(address)), ticks.now(), 1) == 0;
  }

  /// Charges what came on a connection; in how many ticks more may come.
  int charge(Meter.Account account, int tick, int messages, long bytes) {
    return Math.max(
        addresses.take(account.address(), tick, messages, bytes),
        users.take(account.user(), tick, messages, bytes));
  }

  /// Charges a request; in how many seconds it may be sent again, 0 if it may go on.
  ///
  /// @param handshake whether it opens a WebSocket
  public int request(String subject, @Nullable SocketAddress peer, long bytes, boolean handshake) {
    int now = ticks.now();
    int wait = 0;
    if (peer instanceof InetSocketAddress inet && addresses.on && !exempt(inet.getAddress())) {
      wait = addresses.take(addresses.bucket(Addresses.key(inet.getAddress())), now, 1, bytes);
    }
    wait = Math.max(wait, users.take(user(subject, peer), now, 1, bytes));
    if (handshake && rates.connects() != Rate.ANY && counts(subject, peer)) {
      wait = Math.max(wait, connects.take(connects.bucket(key(subject)), now, 1));
    }
    return seconds(wait);
  }

  /// The same for the user whom a request's token names, once that is known.
  ///
  /// @param subject as for [#user]
  public int requestOf(String subject, long bytes, boolean handshake) {
    int now = ticks.now();
    int wait = users.on ? users.take(users.bucket(key(subject)), now, 1, bytes) : 0;
    if (handshake && rates.connects() != Rate.ANY) {
      wait = Math.max(wait, connects.take(connects.bucket(key(subject)), now, 1));
    }
    return seconds(wait);
  }

  private int seconds(int wait) {
    if (wait > 0) {
      refused.increment();
    }
    return Math.ceilDiv(wait, Ticks.SECOND);
  }
}
