package dev.dormouse.server.limits;

import java.net.InetAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// The passes of clients that have small numbers, such as descriptors: four bytes for each, and
/// nothing else, however long a client stays and whatever keeps it.
///
/// For any thread, but a number is given out and given back by whoever has it.
public final class Passes {
  private final Turnstile turnstile;
  private final IntTable passes = new IntTable();

  public Passes(Turnstile turnstile) {
    this.turnstile = turnstile;
  }

  /// Keeps the pass of a client that was let in.
  public void put(int number, int pass) {
    passes.set(number, pass);
  }

  /// Whether a client has a pass by this number.
  boolean has(int number) {
    return passes.get(number) != 0;
  }

  /// Ends the client's handshake, if it has not ended; to be called only while it has the number.
  public void answered(int number) {
    if (Turnstile.waits(passes.change(number, Turnstile::answered))) {
      turnstile.answered();
    }
  }

  /// Counts the client at another address from now on, see [Guest#speaksFor]; to be called only
  /// while it has the number.
  public boolean move(int number, InetAddress to) {
    int seat = turnstile.seat(to);
    if (seat != 0) {
      int before = passes.change(number, pass -> Turnstile.moved(pass, seat));
      turnstile.unseat(before == 0 ? seat : before);
    }
    return seat != 0;
  }

  /// See [Guest#origin].
  public @Nullable SocketAddress origin(int number, @Nullable SocketAddress socket) {
    return turnstile.origin(passes.get(number), socket);
  }

  /// Counts the client out, once, if it had a pass; to be called before its number is anybody
  /// else's.
  public void leave(int number) {
    int pass = passes.change(number, _ -> 0);
    if (pass != 0) {
      turnstile.leave(pass);
    }
  }
}
