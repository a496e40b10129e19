package dev.dormouse.server.http;

import dev.dormouse.room.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// One file that a namespace brings along.
///
/// @param bytes not to be changed
/// @param tag its entity tag, quotes included: the same bytes have the same
record Page(byte[] bytes, String contentType, String tag) {
  private static final String INDEX = "index.html";

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("webp", "image/webp"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("wasm", "application/wasm"));

  /// All files of a folder by the path at which they are served; `index.html` is served at the
  /// folder's own path too.
  static Map<String, Page> read(Namespace.Pages pages) {
    if (!pages.mount().startsWith("/") || !pages.mount().endsWith("/")) {
      throw new IllegalArgumentException(
          "pages are mounted at a path that begins and ends with '/', not '" + pages.mount() + "'");
    }
    URL index = pages.anchor().getResource(pages.folder() + "/" + INDEX);
    if (index == null) {
      throw new IllegalArgumentException(
          "there is no "
              + INDEX
              + " in '"
              + pages.folder()
              + "' beside "
              + pages.anchor().getName());
    }
    try {
      Map<String, Page> found =
          index.openConnection() instanceof JarURLConnection jar
              ? fromJar(jar, pages.mount())
              : fromFolder(index, pages.mount());
      found.put(pages.mount(), found.get(pages.mount() + INDEX));
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException("the pages at " + index + " cannot be read", e);
    }
  }

  private static Map<String, Page> fromJar(JarURLConnection connection, String mount)
      throws IOException {
    String prefix = connection.getEntryName();
    prefix = prefix.substring(0, prefix.length() - INDEX.length());
    // A jar opened for itself, so that closing it does not close the class loader's.
    connection.setUseCaches(false);
    Map<String, Page> found = new HashMap<>();
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : jar.stream().toList()) {
        if (!entry.isDirectory() && entry.getName().startsWith(prefix)) {
          String path = entry.getName().substring(prefix.length());
          try (InputStream in = jar.getInputStream(entry)) {
            found.put(mount + path, of(path, in.readAllBytes()));
          }
        }
      }
    }
    return found;
  }

  private static Map<String, Page> fromFolder(URL index, String mount) throws IOException {
    Path folder;
    try {
      folder = Path.of(index.toURI()).resolveSibling("");
    } catch (URISyntaxException e) {
      throw new IOException("not a file: " + index, e);
    }
    Map<String, Page> found = new HashMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = folder.relativize(file).toString().replace('\\', '/');
        found.put(mount + path, of(path, Files.readAllBytes(file)));
      }
    }
    return found;
  }

  /// One that the server itself brings along.
  ///
  /// @param path of the resource, relative to this package
  static Page own(String path) {
    try (InputStream in = Page.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the server lacks its own page " + path);
      }
      return of(path, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the page " + path + " cannot be read", e);
    }
  }

  private static Page of(String path, byte[] bytes) {
    String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String type = TYPES.getOrDefault(ending, "application/octet-stream");
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new Page(bytes, type, '"' + HexFormat.of().formatHex(digest, 0, 12) + '"');
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
