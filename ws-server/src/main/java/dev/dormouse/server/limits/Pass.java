package dev.dormouse.server.limits;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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

  /// Counts the client at another address from now on, see [Guest#speaksFor].
  public boolean move(InetAddress to) {
    int seat = turnstile.seat(to);
    if (seat != 0) {
      int before = pass.getAndUpdate(it -> Turnstile.moved(it, seat));
      turnstile.unseat(before == 0 ? seat : before);
    }
    return seat != 0;
  }

  /// See [Guest#origin].
  public @Nullable SocketAddress origin(@Nullable SocketAddress socket) {
    return turnstile.origin(pass.get(), socket);
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
