package dev.dormouse.server.access;

import dev.dormouse.room.Access;
import dev.dormouse.room.Identity;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who a token, or the lack of one, shows somebody to be, wherever he goes.
///
/// @param subject the token's `sub`; null if there is none
/// @param until when the token ends, the allowance for clocks included; null for no token
/// @param grants what he may do where
public record Person(
    @Nullable String subject, Map<String, Object> claims, @Nullable Instant until, Grants grants) {

  static Person nobody(Grants grants) {
    return new Person(null, Map.of(), null, grants);
  }

  boolean hasToken() {
    return until != null;
  }

  Identity with(Access access) {
    return new Identity(subject, claims, access, until);
  }

  @Override
  public String toString() {
    return hasToken() ? "somebody" : "nobody";
  }
}
