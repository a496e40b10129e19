package dev.dormouse.server.limits;

/// What one connection may still say: two buckets of tokens, filled by the tick. A frame costs two
/// subtractions; only once in a tick its address and its user are charged for what came since.
///
/// For the thread that reads the connection; [#pay] also for whoever ends it.
public final class Meter {
  private final Metering metering;
  private final Account account;
  private int tick;
  private long messages;
  private long bytes;

  /// What has not been charged to the account yet.
  private int owedMessages;

  private long owedBytes;

  /// Until when the account has nothing left.
  private int blockedUntil;

  /// Who else pays.
  ///
  /// @param address its bucket; -1 for nobody
  /// @param user likewise
  record Account(int address, int user) {
    static final Account NOBODY = new Account(-1, -1);

    boolean pays() {
      return address >= 0 || user >= 0;
    }

    /// Both as one number; 0 for nobody.
    int packed() {
      return (address + 1) << Short.SIZE | (user + 1);
    }

    static Account of(int packed) {
      return packed == 0 ? NOBODY : new Account((packed >>> Short.SIZE) - 1, (packed & 0xffff) - 1);
    }
  }

  /// Who pays, for [Metering#meter(int)] when the connection comes back from being parked.
  public int account() {
    return account.packed();
  }

  Meter(Metering metering, Account account) {
    this.metering = metering;
    this.account = account;
    this.tick = metering.ticks().now() - 1;
    this.blockedUntil = tick;
    Rate rate = metering.perConnection();
    messages = (long) rate.messages() * Rate.BURST;
    bytes = (long) rate.bytes() * Rate.BURST;
  }

  /// Counts a frame that has come.
  ///
  /// @return whether more may be read; if not, [#again] says when
  public boolean take(int size) {
    int now = metering.ticks().now();
    if (now != tick) {
      settle(now);
    }
    owedMessages++;
    owedBytes += size;
    messages--;
    bytes -= size;
    return messages >= 0 && bytes >= 0 && blockedUntil - now <= 0;
  }

  private void settle(int now) {
    Rate rate = metering.perConnection();
    int ticks = now - tick;
    tick = now;
    messages = filled(messages, rate.messages(), ticks);
    bytes = filled(bytes, rate.bytes(), ticks);
    if (account.pays()) {
      // With the frame at hand: it may be the only one.
      blockedUntil = now + metering.charge(account, now, owedMessages + 1, owedBytes);
      owedMessages = -1;
      owedBytes = 0;
    }
  }

  /// The connection is parked or ends: charges what has not been charged. A frame that comes just
  /// then may be forgotten.
  public void pay() {
    if (account.pays() && owedMessages > 0) {
      var _ = metering.charge(account, tick, owedMessages, owedBytes);
      owedMessages = 0;
      owedBytes = 0;
    }
  }

  private static long filled(long tokens, int perSecond, int ticks) {
    long more = (long) perSecond * ticks / Ticks.SECOND;
    return Math.min((long) perSecond * Rate.BURST, tokens + more);
  }

  /// Calls `then` when more may be read, on a thread of its own.
  public void again(Runnable then) {
    Rate rate = metering.perConnection();
    int wait =
        Math.max(
            Math.max(until(messages, rate.messages()), until(bytes, rate.bytes())),
            blockedUntil - tick);
    metering.throttled().increment();
    metering.ticks().at(tick + Math.max(1, wait), then);
  }

  private static int until(long tokens, int perSecond) {
    return tokens >= 0 ? 0 : (int) Math.ceilDiv(-tokens * Ticks.SECOND, perSecond);
  }
}
