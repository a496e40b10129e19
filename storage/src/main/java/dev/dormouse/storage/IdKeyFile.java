package dev.dormouse.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The secret from which ids of named rooms are made (I1): 32 random bytes in the file `id-key`.
///
/// Without it names lead to other ids and rooms are lost to their users, so a damaged or missing
/// key stops the server; it is never made anew beside existing rooms. Three lines: what it is, the
/// key and its CRC-32C, both in hexadecimal.
final class IdKeyFile {
  static final String FILE = "id-key";
  static final int BYTES = 32;
  private static final String TITLE = "dormouse id key 1";
  private static final HexFormat HEX = HexFormat.of();

  private IdKeyFile() {}

  static byte[] create(Path folder) throws IOException {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    SafeFiles.write(folder, FILE, TITLE + "\n" + HEX.formatHex(key) + "\n" + checksum(key) + "\n");
    return key;
  }

  /// @throws DataFolderException if the file is missing or damaged
  static byte[] read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new DataFolderException(
          file.toAbsolutePath()
              + " is missing: without it rooms cannot be found by their names;"
              + " put it back from a backup of this data folder");
    }
    try {
      List<String> lines =
          new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).lines().toList();
      if (lines.size() == 3 && lines.get(0).equals(TITLE)) {
        byte[] key = HEX.parseHex(lines.get(1));
        if (key.length == BYTES && lines.get(2).equals(checksum(key))) {
          return key;
        }
      }
    } catch (IllegalArgumentException notHexadecimal) {
      throw damaged(file, notHexadecimal);
    }
    throw damaged(file, null);
  }

  private static DataFolderException damaged(Path file, @Nullable Throwable cause) {
    return new DataFolderException(
        file.toAbsolutePath()
            + " is damaged: put it back from a backup of this data folder;"
            + " it was left as it is",
        cause);
  }

  private static String checksum(byte[] key) {
    CRC32C crc = new CRC32C();
    crc.update(key, 0, key.length);
    return HEX.toHexDigits((int) crc.getValue());
  }
}
