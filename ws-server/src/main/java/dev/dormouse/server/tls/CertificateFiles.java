package dev.dormouse.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a certificate and its key are: a certificate chain and a key in PEM, or both in a PKCS#12
/// file.
///
/// @param certificate the chain, beginning with the server's; or the PKCS#12 file
/// @param key in PKCS#8; null for a PKCS#12 file
/// @param password a file with that of the PKCS#12 file; null for none
public record CertificateFiles(Path certificate, @Nullable Path key, @Nullable Path password) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----(.*?)-----END", Pattern.DOTALL);

  /// Protects the key store in memory from nobody: Jetty wants one.
  static final String IN_MEMORY = "in memory";

  /// What the server's certificate is called there.
  static final String ALIAS = "server";

  /// Reads them.
  ///
  /// @throws IOException if they are not what they should be; says which and why, and nothing of a
  ///   key
  KeyStore read() throws IOException {
    try {
      return key == null ? packed() : fromPem(key);
    } catch (GeneralSecurityException e) {
      throw new IOException("%s cannot be used: %s".formatted(certificate, e.getMessage()), e);
    }
  }

  private KeyStore packed() throws IOException, GeneralSecurityException {
    if (Files.readString(certificate, StandardCharsets.ISO_8859_1).contains("-----BEGIN ")) {
      throw new IOException(certificate + " is PEM: name the file with its key too (tls-key)");
    }
    char[] secret =
        password == null ? new char[0] : Files.readString(password).strip().toCharArray();
    KeyStore file = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(certificate)) {
      file.load(in, secret);
    }
    for (String alias : Collections.list(file.aliases())) {
      if (file.getKey(alias, secret) instanceof PrivateKey found) {
        return store(found, List.of(file.getCertificateChain(alias)));
      }
    }
    throw new IOException(certificate + " holds no private key");
  }

  private KeyStore fromPem(Path keyFile) throws IOException, GeneralSecurityException {
    List<Certificate> chain = new ArrayList<>();
    try (InputStream in = Files.newInputStream(certificate)) {
      chain.addAll(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
    if (chain.isEmpty()) {
      throw new IOException(certificate + " holds no certificate");
    }
    Matcher pem = KEY.matcher(Files.readString(keyFile, StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw new IOException(keyFile + " holds no private key");
    }
    if (!pem.group(1).equals("PRIVATE KEY")) {
      throw new IOException(
          "%s holds an '%s'; make PKCS#8 of it: openssl pkcs8 -topk8 -nocrypt -in %s"
              .formatted(keyFile, pem.group(1), keyFile));
    }
    byte[] encoded;
    try {
      encoded = Base64.getMimeDecoder().decode(pem.group(2));
    } catch (IllegalArgumentException e) {
      throw new IOException(keyFile + " is no PEM", null);
    }
    return store(privateKey(keyFile, encoded), chain);
  }

  private static PrivateKey privateKey(Path file, byte[] encoded)
      throws IOException, GeneralSecurityException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(encoded);
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException _) {
        // Of another kind.
      }
    }
    throw new IOException(file + " holds a private key of a kind that is not known");
  }

  /// @throws IOException if the key is not that of the first certificate
  private KeyStore store(PrivateKey own, List<Certificate> chain)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    Pair.check(own, chain.getFirst(), certificate);
    store.setKeyEntry(ALIAS, own, IN_MEMORY.toCharArray(), chain.toArray(Certificate[]::new));
    return store;
  }

  /// Which version of the files is there: another whenever one of them was written.
  List<FileTime> version() throws IOException {
    List<FileTime> times = new ArrayList<>();
    times.add(Files.getLastModifiedTime(certificate));
    if (key != null) {
      times.add(Files.getLastModifiedTime(key));
    }
    if (password != null) {
      times.add(Files.getLastModifiedTime(password));
    }
    return times;
  }
}
