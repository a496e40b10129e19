package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes room ids: 16 bytes of the room's own, then 16 bytes that prove the namespace (I1).
///
/// Both halves are HMAC-SHA-256 under one key of 32 bytes, cut to 16: the first over the namespace
/// and the name (random for unique ids), the second over the namespace and the first. So an id
/// tells nobody its name, and nobody without the key can make one that is accepted.
final class IdKey {
  /// How long a name may be, in characters.
  static final int MAX_NAME = 1024;

  private static final int HALF = RoomId.BYTES / 2;
  private static final byte BODY = 1;
  private static final byte PROOF = 2;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  /// @param key 32 bytes, secret, kept with the data and in every backup
  IdKey(byte[] key) {
    if (key.length != 32) {
      throw new IllegalArgumentException("the id key has 32 bytes, not " + key.length);
    }
    this.key = new SecretKeySpec(key, "HmacSHA256");
  }

  RoomId fromName(String namespace, String name) {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "a room's name has 1 to " + MAX_NAME + " characters, not " + name.length());
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException("a room's name is well-formed Unicode; this one is not");
    }
    byte[] body = hash(BODY, namespace, name.getBytes(StandardCharsets.UTF_8));
    return RoomId.of(namespace, withProof(namespace, body), name);
  }

  RoomId unique(String namespace) {
    byte[] body = new byte[HALF];
    random.nextBytes(body);
    return RoomId.of(namespace, withProof(namespace, body), null);
  }

  RoomId fromString(String namespace, String hex) {
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a room id is 64 hexadecimal digits: '" + hex + "'", e);
    }
    if (bytes.length != RoomId.BYTES
        || !MessageDigest.isEqual(bytes, withProof(namespace, Arrays.copyOf(bytes, HALF)))) {
      throw new IllegalArgumentException(
          "'" + hex + "' is no id of namespace '" + namespace + "' on this server");
    }
    return RoomId.of(namespace, bytes, null);
  }

  private byte[] withProof(String namespace, byte[] body) {
    byte[] id = Arrays.copyOf(body, RoomId.BYTES);
    System.arraycopy(hash(PROOF, namespace, body), 0, id, HALF, HALF);
    return id;
  }

  private byte[] hash(byte purpose, String namespace, byte[] subject) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(purpose);
      mac.update(namespace.getBytes(StandardCharsets.UTF_8));
      // A namespace's name has no zero byte, so this cannot be read two ways.
      mac.update((byte) 0);
      return Arrays.copyOf(mac.doFinal(subject), HALF);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
