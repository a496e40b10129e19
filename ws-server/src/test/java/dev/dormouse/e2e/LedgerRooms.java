package dev.dormouse.e2e;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.NamespaceProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// Offers the ledger as people offer rooms of their own: in a jar, found through
/// [java.util.ServiceLoader].
public final class LedgerRooms implements NamespaceProvider {
  static final String NAME = "ledger";
  static final String WITH_SQL = "ledger-sql";

  @Override
  public List<Namespace> namespaces() {
    return List.of(
        Namespace.named(NAME, LedgerRoom::new).build(),
        Namespace.named(WITH_SQL, SqlLedgerRoom::new).withSql().build());
  }

  /// Makes the jar, for `--rooms`.
  static Path jar(Path folder) throws IOException {
    Path file = Files.createDirectories(folder).resolve("ledger.jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      for (Class<?> type : List.of(LedgerRoom.class, SqlLedgerRoom.class, LedgerRooms.class)) {
        String name = type.getName().replace('.', '/') + ".class";
        try (InputStream code = LedgerRooms.class.getResourceAsStream("/" + name)) {
          if (code == null) {
            throw new IOException(name + " is not there");
          }
          entry(jar, name, code.readAllBytes());
        }
      }
      entry(
          jar,
          "META-INF/services/" + NamespaceProvider.class.getName(),
          LedgerRooms.class.getName().getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private static void entry(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(bytes);
    jar.closeEntry();
  }
}
