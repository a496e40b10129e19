package dev.dormouse.server.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A file's size and SHA-256, as the disk has it.
///
/// @param sha256 in hexadecimal
record Sum(long bytes, String sha256) {
  private static final int CHUNK = 1 << 20;

  static Sum of(Path file) throws IOException {
    MessageDigest digest = digest();
    long bytes = 0;
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
        bytes += read;
      }
    }
    return new Sum(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
