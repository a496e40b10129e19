package dev.dormouse.server.access;

import dev.dormouse.room.spi.Execution;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// People who have shown the admin token to the page, so that it asks them once. Each has two
/// secrets: one goes into a cookie, which scripts cannot read; the other is kept by the page, which
/// no other page can read, and goes with every request. Either alone is worth nothing: a cookie is
/// sent along with requests that others make up, and to other ports of this machine.
///
/// A bounded number, for a bounded time, gone with the process. For any thread.
public final class Sessions {
  /// How long one lasts.
  public static final Duration LASTS = Duration.ofHours(12);

  private static final int MOST = 64;

  private final SecureRandom random = new SecureRandom();
  private final Execution execution;

  /// Oldest first. Guarded by this.
  private final Deque<Open> open = new ArrayDeque<>();

  /// @param cookie hash of that secret
  /// @param page hash of the other
  /// @param until on the nano clock
  private record Open(byte[] cookie, byte[] page, long until) {}

  /// @param cookie for the browser
  /// @param page for the page
  public record Secrets(String cookie, String page) {
    @Override
    public String toString() {
      return "Secrets";
    }
  }

  public Sessions(Execution execution) {
    this.execution = execution;
  }

  /// Begins one; the oldest ends if there are too many.
  public Secrets begin() {
    Secrets secrets = new Secrets(secret(), secret());
    synchronized (this) {
      if (open.size() >= MOST) {
        open.removeFirst();
      }
      open.addLast(
          new Open(
              AdminToken.hash(secrets.cookie()),
              AdminToken.hash(secrets.page()),
              execution.nanoTime() + LASTS.toNanos()));
    }
    return secrets;
  }

  private String secret() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Whether both secrets are those of one that is open.
  public boolean has(@Nullable String cookie, @Nullable String page) {
    return cookie != null && page != null && find(cookie, page) != null;
  }

  /// Ends one, if it is open.
  public void end(String cookie, String page) {
    synchronized (this) {
      Open found = find(cookie, page);
      if (found != null) {
        open.remove(found);
      }
    }
  }

  private synchronized @Nullable Open find(String cookie, String page) {
    long now = execution.nanoTime();
    open.removeIf(each -> now - each.until >= 0);
    byte[] one = AdminToken.hash(cookie);
    byte[] other = AdminToken.hash(page);
    for (Open each : open) {
      if (MessageDigest.isEqual(each.cookie, one) && MessageDigest.isEqual(each.page, other)) {
        return each;
      }
    }
    return null;
  }
}
