package dev.dormouse.server.access;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/// Somebody who signs tokens.
///
/// @param id the name of the key; null for none
/// @param algorithm as it stands in headers
/// @param signs the private key, or the secret
/// @param key as a JSON Web Key; null for a secret
public record Mint(
    @Nullable String id, String algorithm, Key signs, @Nullable PublicJsonWebKey key) {
  public static final String SECRET = "0123456789abcdef0123456789abcdef";

  public static Mint secret(String secret) {
    return new Mint(null, "HS256", new HmacKey(secret.getBytes(StandardCharsets.UTF_8)), null);
  }

  public static Mint rsa(String id) {
    return of(id, "RS256", () -> RsaJwkGenerator.generateJwk(2_048));
  }

  public static Mint curve(String id) {
    return of(id, "ES256", () -> EcJwkGenerator.generateJwk(EllipticCurves.P256));
  }

  public static Mint edwards(String id) {
    return of(id, "EdDSA", () -> OkpJwkGenerator.generateJwk("Ed25519"));
  }

  /// The same, who gives his key another name.
  public Mint named(String other) {
    return new Mint(other, algorithm, signs, key);
  }

  private interface Making {
    PublicJsonWebKey key() throws JoseException;
  }

  private static Mint of(String id, String algorithm, Making making) {
    try {
      PublicJsonWebKey key = making.key();
      key.setKeyId(id);
      return new Mint(id, algorithm, key.getPrivateKey(), key);
    } catch (JoseException e) {
      throw new AssertionError(e);
    }
  }

  /// The public keys as a document.
  public static String document(Mint... all) {
    JsonWebKeySet set = new JsonWebKeySet();
    for (Mint mint : all) {
      if (mint.key != null) {
        set.addJsonWebKey(mint.key);
      }
    }
    return set.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
  }

  /// A token.
  ///
  /// @param end when it ends; null for never
  public String token(@Nullable String subject, @Nullable Instant end, Map<String, Object> more) {
    JwtClaims claims = new JwtClaims();
    if (subject != null) {
      claims.setSubject(subject);
    }
    if (end != null) {
      claims.setExpirationTime(NumericDate.fromSeconds(end.getEpochSecond()));
    }
    more.forEach(claims::setClaim);
    return sign(claims.toJson());
  }

  public String token(String subject, Instant end, String... grants) {
    return token(subject, end, Map.of("dormouse", List.of(grants)));
  }

  /// Any payload, signed.
  String sign(String payload) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    signature.setPayload(payload);
    signature.setAlgorithmHeaderValue(algorithm);
    if (id != null) {
      signature.setKeyIdHeaderValue(id);
    }
    signature.setKey(signs);
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new AssertionError(e);
    }
  }
}
