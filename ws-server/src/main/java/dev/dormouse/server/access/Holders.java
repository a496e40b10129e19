package dev.dormouse.server.access;

import dev.dormouse.hibernation.Stay;
import dev.dormouse.room.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Remembers persons by a number that tells nothing about them, and is another in each process.
public final class Holders {
  private final byte[] salt = new byte[16];

  /// The number of those whose tokens name nobody.
  private final long nobody;

  public Holders() {
    new SecureRandom().nextBytes(salt);
    nobody = number(null);
  }

  /// How long a client may stay.
  public Stay stay(Identity identity) {
    Instant until = identity.until();
    return until == null
        ? Stay.WITHOUT_END
        : Stay.until(until, number(identity.subject()), token(identity.claims()));
  }

  /// The same for somebody who has a token.
  Stay stay(Person person, Instant until) {
    return Stay.until(until, of(person), token(person.claims()));
  }

  long of(Person person) {
    return number(person.subject());
  }

  /// The number of somebody of this name.
  public long of(String subject) {
    return number(subject);
  }

  /// Whether it is the number of those whose tokens name nobody.
  public boolean isNobody(long holder) {
    return holder == 0 || holder == nobody;
  }

  /// Whether a stay is by a token that is listed.
  ///
  /// It is told by salted hashes of 64 bits, which nobody can choose: that another is taken for one
  /// that is listed happens at one start in some twenty million, with a million connections and as
  /// many listed.
  public Predicate<Stay> listed(Revoked.Listed listed) {
    Set<Long> holders = new HashSet<>();
    listed.subjects().forEach(subject -> holders.add(number(subject)));
    Set<Long> tokens = new HashSet<>();
    listed.tokens().forEach(id -> tokens.add(hash("#" + id)));
    return stay ->
        (stay.holder() != 0 && holders.contains(stay.holder()))
            || (stay.token() != 0 && tokens.contains(stay.token()));
  }

  private long token(Map<String, Object> claims) {
    return claims.get(Revoked.ID) instanceof String id ? hash("#" + id) : 0;
  }

  private long number(@Nullable String subject) {
    return hash(subject == null ? "" : "=" + subject);
  }

  /// Never 0.
  private long hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      byte[] bytes = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      long number = ByteBuffer.wrap(bytes).getLong();
      return number == 0 ? 1 : number;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
