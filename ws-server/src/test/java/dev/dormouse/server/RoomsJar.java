package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.room.NamespaceProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Jars with rooms, compiled on the spot.
final class RoomsJar {
  private static final String SOURCE =
      """
      package lodge;

      import dev.dormouse.room.*;
      import java.util.List;

      public final class Lodge implements NamespaceProvider {
        public List<Namespace> namespaces() {
          Namespace.Builder builder = Namespace.named("NAME", Den::new);
          if (PAGES) {
            builder.pages("/NAME/", Lodge.class, "web");
          }
          return List.of(builder.build());
        }

        record Den(RoomContext context) implements Room {
          @Override
          public HttpReply onRequest(HttpCall call) {
            if (call.path().equals("throw")) {
              throw new IllegalStateException("a room of a jar");
            }
            return HttpReply.text(200, "hello from " + context.id());
          }
        }
      }
      """;

  private RoomsJar() {}

  /// A jar that offers one namespace.
  static Path build(Path jar, String namespace, boolean pages) throws IOException {
    Path classes = Files.createTempDirectory(jar.getParent(), "classes");
    String source = SOURCE.replace("NAME", namespace).replace("PAGES", Boolean.toString(pages));
    JavaFileObject file =
        new SimpleJavaFileObject(
            URI.create("string:///lodge/Lodge.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignored) {
            return source;
          }
        };
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
      List<String> options =
          List.of(
              "-d",
              classes.toString(),
              "-cp",
              Path.of(
                      NamespaceProvider.class
                          .getProtectionDomain()
                          .getCodeSource()
                          .getLocation()
                          .getPath())
                  .toString());
      if (!compiler.getTask(null, files, null, options, null, List.of(file)).call()) {
        throw new IllegalStateException("the test's own room does not compile");
      }
    }
    Map<String, byte[]> entries = new TreeMap<>();
    try (Stream<Path> compiled = Files.walk(classes)) {
      for (Path path : compiled.filter(Files::isRegularFile).toList()) {
        entries.put(classes.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    entries.put("lodge/web/index.html", "<!doctype html><title>Lodge</title>".getBytes(UTF_8));
    entries.put("lodge/web/sub/a.txt", "text".getBytes(UTF_8));
    entries.put(service(), "lodge.Lodge\n".getBytes(UTF_8));
    return write(jar, entries);
  }

  /// A jar that offers a class which it does not have.
  static Path broken(Path jar) throws IOException {
    return write(jar, Map.of(service(), "lodge.Nowhere\n".getBytes(UTF_8)));
  }

  private static String service() {
    return "META-INF/services/" + NamespaceProvider.class.getName();
  }

  private static Path write(Path jar, Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream file = new JarOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        file.putNextEntry(new JarEntry(entry.getKey()));
        file.write(entry.getValue());
        file.closeEntry();
      }
    }
    return jar;
  }
}
