package dev.dormouse.server.access;

import org.jose4j.jws.AlgorithmIdentifiers;
import org.jspecify.annotations.Nullable;

/// The ways of signing that are taken. Each key has one of them and is used for no other, whatever
/// a token's header says.
enum Algorithm {
  HS256(AlgorithmIdentifiers.HMAC_SHA256),
  RS256(AlgorithmIdentifiers.RSA_USING_SHA256),
  ES256(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256),
  EDDSA(AlgorithmIdentifiers.EDDSA);

  private final String id;

  Algorithm(String id) {
    this.id = id;
  }

  /// As it stands in headers and keys.
  String id() {
    return id;
  }

  /// Null for any other.
  static @Nullable Algorithm of(@Nullable String id) {
    for (Algorithm each : values()) {
      if (each.id.equals(id)) {
        return each;
      }
    }
    return null;
  }
}
