package dev.dormouse.server.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;

/// Whether a key belongs to a certificate: while files are being replaced they may not fit.
final class Pair {
  private static final byte[] WORDS = "either".getBytes(StandardCharsets.US_ASCII);

  private Pair() {}

  /// @throws IOException if they are of two
  static void check(PrivateKey key, Certificate certificate, Path file)
      throws IOException, GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "Ed25519";
        };
    if (certificate.getPublicKey().getAlgorithm().equals("EC") != key.getAlgorithm().equals("EC")) {
      throw other(file);
    }
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(WORDS);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(WORDS);
    if (!signature.verify(signed)) {
      throw other(file);
    }
  }

  private static IOException other(Path file) {
    return new IOException("the key is not that of the certificate in " + file);
  }
}
