package dev.dormouse.server.access;

import dev.dormouse.hibernation.Stay;
import dev.dormouse.room.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Remembers persons by a number that tells nothing about them, and is another in each process.
public final class Holders {
  private final byte[] salt = new byte[16];

  public Holders() {
    new SecureRandom().nextBytes(salt);
  }

  /// How long a client may stay.
  public Stay stay(Identity identity) {
    Instant until = identity.until();
    return until == null ? Stay.WITHOUT_END : Stay.until(until, number(identity.subject()));
  }

  int of(Person person) {
    return number(person.subject());
  }

  /// Never 0.
  private int number(@Nullable String subject) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      byte[] bytes =
          digest.digest((subject == null ? "" : "=" + subject).getBytes(StandardCharsets.UTF_8));
      int number = ByteBuffer.wrap(bytes).getInt();
      return number == 0 ? 1 : number;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
