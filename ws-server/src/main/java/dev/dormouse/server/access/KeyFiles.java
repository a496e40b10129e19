package dev.dormouse.server.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jose4j.keys.HmacKey;

/// Keys in files.
final class KeyFiles {
  /// What a secret has at least, in bytes: as much as HS256 makes of it.
  private static final int SECRET_BYTES = 32;

  private static final int MOST = 1 << 18;

  private KeyFiles() {}

  /// A JSON Web Key Set.
  static KeySource document(Path file) {
    return () -> KeyDocument.read(text(file), true);
  }

  /// Secrets for HS256, one a line: while one is being changed for another, both are there.
  static KeySource secrets(Path file) {
    return () -> {
      List<SigningKey> keys = new ArrayList<>();
      for (String line : text(file).lines().map(String::strip).toList()) {
        byte[] secret = line.getBytes(StandardCharsets.UTF_8);
        if (secret.length > 0 && secret.length < SECRET_BYTES) {
          throw new IOException(
              "a secret in it has "
                  + secret.length
                  + " bytes; it needs "
                  + SECRET_BYTES
                  + ", such as `openssl rand -hex 32` gives");
        }
        if (secret.length > 0) {
          keys.add(new SigningKey(null, Algorithm.HS256, new HmacKey(secret)));
        }
      }
      if (keys.isEmpty()) {
        throw new IOException("there is no secret in it");
      }
      return keys;
    };
  }

  /// What a file says, if it is there and not far too long for keys.
  static String text(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException("it is not there");
    }
    if (Files.size(file) > MOST) {
      throw new IOException("it is larger than " + MOST + " bytes");
    }
    return Files.readString(file);
  }
}
