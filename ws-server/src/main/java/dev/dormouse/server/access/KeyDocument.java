package dev.dormouse.server.access;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a JSON Web Key Set (RFC 7517). Its kind gives each key its algorithm: RSA RS256, P-256
/// ES256, Ed25519 EdDSA, a secret HS256. Keys that are for something else are left out.
final class KeyDocument {
  private static final Logger LOG = LoggerFactory.getLogger(KeyDocument.class);

  /// More than anybody has; each costs a try for tokens that name none.
  private static final int MOST = 100;

  /// What a secret and an RSA key have at least, in bits: less is broken, or soon will be.
  private static final int SECRET_BITS = 256;

  private static final int RSA_BITS = 2_048;

  private KeyDocument() {}

  /// @param secrets whether secrets may be among them; they may not in what is fetched, where
  ///   everybody could read them
  /// @throws IOException if it is no key set, or has no key that can be used
  static List<SigningKey> read(String json, boolean secrets) throws IOException {
    List<JsonWebKey> all;
    try {
      all = new JsonWebKeySet(json).getJsonWebKeys();
    } catch (JoseException | RuntimeException e) {
      // The library casts what it reads; and its message may quote that.
      throw new IOException("it is no JSON Web Key Set", null);
    }
    List<SigningKey> keys = new ArrayList<>();
    for (JsonWebKey each : all) {
      SigningKey key = key(each, secrets);
      if (key != null && keys.size() < MOST) {
        keys.add(key);
      }
    }
    if (keys.isEmpty()) {
      throw new IOException("there is no key in it for RS256, ES256, EdDSA or HS256");
    }
    return List.copyOf(keys);
  }

  private static @Nullable SigningKey key(JsonWebKey key, boolean secrets) {
    Algorithm algorithm = algorithm(key, secrets);
    String said = key.getAlgorithm();
    boolean forSigning = key.getUse() == null || key.getUse().equals("sig");
    if (algorithm == null || !forSigning || (said != null && !said.equals(algorithm.id()))) {
      LOG.info(
          "the key '{}' of kind {} for {} is not used", key.getKeyId(), key.getKeyType(), said);
      return null;
    }
    return new SigningKey(key.getKeyId(), algorithm, key.getKey());
  }

  /// What a key is good for; null if it is no good.
  static @Nullable Algorithm algorithm(JsonWebKey key, boolean secrets) {
    return switch (key) {
      case RsaJsonWebKey rsa ->
          rsa.getRsaPublicKey().getModulus().bitLength() >= RSA_BITS ? Algorithm.RS256 : null;
      case EllipticCurveJsonWebKey curve ->
          EllipticCurves.P256.equals(EllipticCurves.getSpec(curve.getCurveName()))
              ? Algorithm.ES256
              : null;
      case OctetKeyPairJsonWebKey pair ->
          OctetKeyPairJsonWebKey.SUBTYPE_ED25519.equals(pair.getSubtype()) ? Algorithm.EDDSA : null;
      case OctetSequenceJsonWebKey secret ->
          secrets && secret.getOctetSequence().length * Byte.SIZE >= SECRET_BITS
              ? Algorithm.HS256
              : null;
      default -> null;
    };
  }
}
