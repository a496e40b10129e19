package dev.dormouse.server.limits;

import java.util.concurrent.atomic.AtomicInteger;

/// The pass of one client, for those that have no number of their own. For any thread.
public final class Pass {
  private final Turnstile turnstile;

  /// Zero once it is given back or handed on.
  private final AtomicInteger pass;

  public Pass(Turnstile turnstile, int pass) {
    this.turnstile = turnstile;
    this.pass = new AtomicInteger(pass);
  }

  /// Ends the client's handshake, if it has not ended.
  public void answered() {
    if (Turnstile.waits(pass.getAndUpdate(Turnstile::answered))) {
      turnstile.answered();
    }
  }

  /// Counts the client out, once.
  public void leave() {
    int mine = pass.getAndSet(0);
    if (mine != 0) {
      turnstile.leave(mine);
    }
  }

  /// Takes the number out, for a client that stays counted while nobody has this object: whoever
  /// has the number makes another of it. Zero if it has been given back.
  public int handOn() {
    return pass.getAndSet(0);
  }
}
