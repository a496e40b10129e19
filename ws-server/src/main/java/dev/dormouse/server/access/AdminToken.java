package dev.dormouse.server.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The token of the admin port: kept as a hash, and compared in a time that tells nothing.
public final class AdminToken {
  private static final Logger LOG = LoggerFactory.getLogger(AdminToken.class);

  /// What a token has at least, in characters.
  private static final int LEAST = 32;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final byte[] hash;

  private AdminToken(String token) {
    this.hash = hash(token);
  }

  /// One that is known.
  public static AdminToken of(String token) {
    return new AdminToken(token);
  }

  /// The token in a file that somebody else has made.
  ///
  /// @throws IOException if it cannot be read or is too short
  public static AdminToken in(Path file) throws IOException {
    if (isOpen(file)) {
      LOG.warn("the admin token in {} can be read by others; see to it with chmod 600", file);
    }
    return read(file);
  }

  /// The token in a file of ours, made now if it is not there.
  ///
  /// @throws IOException if it cannot be read or made, or if others can read it
  public static AdminToken kept(Path file) throws IOException {
    if (!Files.exists(file)) {
      make(file);
    }
    if (isOpen(file)) {
      throw new IOException("others can read it; delete it, so that a new one is made");
    }
    return read(file);
  }

  private static AdminToken read(Path file) throws IOException {
    String token = Files.readString(file).strip();
    if (token.length() < LEAST) {
      throw new IOException("it has %d characters; it needs %d".formatted(token.length(), LEAST));
    }
    return new AdminToken(token);
  }

  /// Nobody else could ever read it: it has its permissions before it has its content.
  private static void make(Path file) throws IOException {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    FileAttribute<?>[] attributes =
        isPosix()
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Files.createFile(file, attributes);
    Files.writeString(
        file,
        Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n",
        StandardOpenOption.WRITE);
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  private static boolean isOpen(Path file) throws IOException {
    return isPosix() && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
  }

  /// Whether this is it.
  public boolean is(String shown) {
    return MessageDigest.isEqual(hash, hash(shown));
  }

  static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
