package dev.dormouse.server.access;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/// Checks tokens: JWTs that are signed (RFC 7519, 7515), with an end. What the library throws is
/// not passed on, since it quotes what it read.
final class Tokens {
  /// How many characters a token may have.
  static final int MOST = 8_192;

  private final List<Keys> keys;
  private final Rules rules;
  private final @Nullable Revoked revoked;
  private final Execution execution;

  /// What tokens must say.
  ///
  /// @param issuer the only `iss`; empty if anybody's is taken whose key is known
  /// @param audiences one of which must stand in `aud`; if there are none, a token with `aud` is
  ///   for somebody else
  /// @param skew how far clocks may be apart
  /// @param claim where the grants are
  record Rules(String issuer, List<String> audiences, Duration skew, String claim) {}

  /// @param revoked what counts no more; null if nobody says
  Tokens(List<Keys> keys, Rules rules, @Nullable Revoked revoked, Execution execution) {
    this.revoked = revoked;
    this.keys = List.copyOf(keys);
    this.rules = rules;
    this.execution = execution;
  }

  Optional<Revoked> revoked() {
    return Optional.ofNullable(revoked);
  }

  /// Checks a token; may block while keys are fetched.
  ///
  /// @throws Denial.Found if it is no good
  Person check(String token) throws Denial.Found {
    if (token.length() > MOST || token.chars().filter(c -> c == '.').count() != 2) {
      throw Denial.MALFORMED.found();
    }
    JsonWebSignature header = new JsonWebSignature();
    Algorithm algorithm;
    String id;
    try {
      header.setCompactSerialization(token);
      algorithm = Algorithm.of(header.getAlgorithmHeaderValue());
      id = header.getKeyIdHeaderValue();
    } catch (JoseException | RuntimeException e) {
      throw Denial.MALFORMED.found();
    }
    if (algorithm == null) {
      throw Denial.MALFORMED.found();
    }
    return signed(token, algorithm, id);
  }

  /// Tries the keys that it can be signed with; which is one, for tokens that name theirs.
  private Person signed(String token, Algorithm algorithm, @Nullable String id)
      throws Denial.Found {
    Denial.Found no = null;
    for (Keys source : keys) {
      List<SigningKey> suiting;
      try {
        suiting = source.find(id, algorithm);
      } catch (Denial.Found missing) {
        no = missing;
        continue;
      }
      for (SigningKey key : suiting) {
        try {
          return read(token, key);
        } catch (Denial.Found denied) {
          if (denied.denial() != Denial.BAD_SIGNATURE) {
            throw denied;
          }
          no = denied;
        }
      }
    }
    throw no == null ? Denial.UNKNOWN_KEY.found() : no;
  }

  private Person read(String token, SigningKey key) throws Denial.Found {
    JwtConsumerBuilder checks =
        new JwtConsumerBuilder()
            .setJwsAlgorithmConstraints(
                new AlgorithmConstraints(ConstraintType.PERMIT, key.algorithm().id()))
            .setVerificationKey(key.key())
            .setEvaluationTime(NumericDate.fromMilliseconds(execution.instant().toEpochMilli()))
            .setAllowedClockSkewInSeconds((int) rules.skew.toSeconds())
            .setRequireExpirationTime();
    if (!rules.issuer.isEmpty()) {
      checks.setExpectedIssuer(rules.issuer);
    }
    if (!rules.audiences.isEmpty()) {
      checks.setExpectedAudience(rules.audiences.toArray(String[]::new));
    }
    try {
      JwtClaims claims = checks.build().processToClaims(token);
      Instant end = Instant.ofEpochSecond(claims.getExpirationTime().getValue());
      Map<String, Object> all = new HashMap<>(claims.getClaimsMap());
      all.values().removeIf(value -> value == null);
      if (revoked != null && revoked.listed().has(claims.getSubject(), all)) {
        throw Denial.REVOKED.found();
      }
      return new Person(
          claims.getSubject(), all, end.plus(rules.skew), Grants.ofClaim(all.get(rules.claim)));
    } catch (InvalidJwtException e) {
      throw why(e).found();
    } catch (MalformedClaimException | RuntimeException e) {
      throw Denial.BAD_CLAIMS.found();
    }
  }

  private static Denial why(InvalidJwtException e) {
    if (e.hasErrorCode(ErrorCodes.EXPIRED)) {
      return Denial.EXPIRED;
    }
    if (e.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
      return Denial.NOT_YET_VALID;
    }
    if (e.hasErrorCode(ErrorCodes.EXPIRATION_MISSING)) {
      return Denial.NO_EXPIRY;
    }
    if (e.hasErrorCode(ErrorCodes.ISSUER_MISSING) || e.hasErrorCode(ErrorCodes.ISSUER_INVALID)) {
      return Denial.WRONG_ISSUER;
    }
    if (e.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)
        || e.hasErrorCode(ErrorCodes.AUDIENCE_INVALID)) {
      return Denial.WRONG_AUDIENCE;
    }
    if (e.hasErrorCode(ErrorCodes.JSON_INVALID) || e.hasErrorCode(ErrorCodes.MALFORMED_CLAIM)) {
      return Denial.BAD_CLAIMS;
    }
    return Denial.BAD_SIGNATURE;
  }
}
