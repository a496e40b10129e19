package dev.dormouse.server.access;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/// Signs tokens, so that a server can be tried before there is somebody else who does.
public final class Signer {
  private final SigningKey key;

  private Signer(SigningKey key) {
    this.key = key;
  }

  /// Signs with the last secret of a file: new ones are written below old ones.
  ///
  /// @throws IOException if there is none; says why
  public static Signer ofSecrets(Path file) throws IOException {
    return new Signer(KeyFiles.secrets(file).read().getLast());
  }

  /// Signs with a private key, as a JSON Web Key.
  ///
  /// @throws IOException if it is none that tokens are taken of; says why
  public static Signer ofKey(Path file) throws IOException {
    JsonWebKey read;
    try {
      read = JsonWebKey.Factory.newJwk(KeyFiles.text(file));
    } catch (JoseException | RuntimeException e) {
      // What the library says may quote the key.
      throw new IOException("it is no JSON Web Key", null);
    }
    Algorithm algorithm = KeyDocument.algorithm(read, false);
    if (algorithm == null
        || !(read instanceof PublicJsonWebKey pair)
        || pair.getPrivateKey() == null) {
      throw new IOException("it is no private key for RS256, ES256 or EdDSA");
    }
    return new Signer(new SigningKey(pair.getKeyId(), algorithm, pair.getPrivateKey()));
  }

  /// What a token says.
  ///
  /// @param subject whose it is; null for nobody's
  /// @param claim where the grants are
  /// @param issuer empty for none
  /// @param audiences whom it is for; none if anybody
  public record Content(
      @Nullable String subject,
      Instant end,
      String claim,
      List<String> grants,
      String issuer,
      List<String> audiences) {}

  /// A token, with an id by which it can be called back.
  public String token(Content content) {
    JwtClaims claims = new JwtClaims();
    if (content.subject != null) {
      claims.setSubject(content.subject);
    }
    claims.setExpirationTime(NumericDate.fromSeconds(content.end.getEpochSecond()));
    claims.setGeneratedJwtId();
    if (!content.issuer.isEmpty()) {
      claims.setIssuer(content.issuer);
    }
    if (!content.audiences.isEmpty()) {
      claims.setAudience(content.audiences);
    }
    claims.setStringListClaim(content.claim, content.grants);
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setAlgorithmHeaderValue(key.algorithm().id());
    if (key.id() != null) {
      signature.setKeyIdHeaderValue(key.id());
    }
    signature.setKey(key.key());
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException("a key of the right kind signs", e);
    }
  }
}
