package dev.dormouse.room;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who a client has shown to be, and what that lets it do with the room that it asks for.
///
/// The token itself is not here, nor in the headers, query or sub-protocols that a room sees.
///
/// @param subject the token's `sub`; null without a token, or if it has none
/// @param claims all that the token says, as JSON has it: texts, numbers, truth values, lists and
///   maps; empty without a token
/// @param access what the client may do here
/// @param until when the token ends, and the connection with it; null if it does not
public record Identity(
    @Nullable String subject, Map<String, Object> claims, Access access, @Nullable Instant until) {

  public Identity {
    claims = Map.copyOf(claims);
  }

  /// A client that showed nothing.
  public static Identity anonymous(Access access) {
    return new Identity(null, Map.of(), access, null);
  }

  /// A client of a server that asks nobody who he is.
  public static Identity unasked() {
    return anonymous(Access.ADMIN);
  }

  /// The same client with other access.
  public Identity with(Access other) {
    return new Identity(subject, claims, other, until);
  }

  public Optional<String> name() {
    return Optional.ofNullable(subject);
  }

  /// A claim that is a text.
  public Optional<String> text(String claim) {
    return claims.get(claim) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /// Names nobody and says nothing of the claims, so that it may stand in a log.
  @Override
  public String toString() {
    return "Identity[" + (subject == null ? "nobody" : "somebody") + ", " + access + "]";
  }
}
