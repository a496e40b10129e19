package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.NamespaceProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfferLoaderTest {
  @TempDir Path folder;

  private static Namespace named(String name) {
    return Namespace.named(name, TalkRoom::new).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rooms", "status", "healthz", "readyz", "metrics", "admin"})
  void a_name_that_is_a_route_is_refused(String name) {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> OfferLoader.check(List.of(named("fine"), named(name))))
        .withMessageContaining("'" + name + "'");
  }

  @Test
  void a_name_given_twice_is_refused() {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> OfferLoader.check(List.of(named("one"), named("one"))))
        .withMessageContaining("'one'");
  }

  /// Offers what cannot be.
  public static final class Clumsy implements NamespaceProvider {
    @Override
    public List<Namespace> namespaces() {
      return List.of(named("No Name"));
    }
  }

  private Path jar(@Nullable String provider) throws IOException {
    Path jar = folder.resolve("rooms.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(
          new ZipEntry(
              provider == null
                  ? "nothing"
                  : "META-INF/services/" + NamespaceProvider.class.getName()));
      zip.write(String.valueOf(provider).getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private static void refused(Path place, String... words) {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> OfferLoader.load(List.of(place.toString())))
        .withMessageContainingAll(words);
  }

  @Test
  void a_jar_that_offers_nothing_is_refused() throws IOException {
    Path jar = jar(null);
    refused(jar, jar.toString(), "META-INF/services/dev.dormouse.room.NamespaceProvider");
    refused(folder, folder.toString(), "offers no rooms");
  }

  @Test
  void what_is_no_jar_is_refused_even_among_others() throws IOException {
    jar(Clumsy.class.getName());
    Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
    refused(text, "text.jar is no jar");
    refused(folder, "text.jar is no jar");
  }

  @Test
  void a_provider_that_is_not_in_its_jar_is_refused() throws IOException {
    refused(jar("not.There"), "not.There");
  }

  @Test
  void a_provider_that_fails_is_named_with_its_reason() throws IOException {
    refused(jar(Clumsy.class.getName()), "Clumsy", "No Name");
  }

  @Test
  void any_other_name_is_fine() {
    assertThatCode(() -> OfferLoader.check(List.of(named("one"), named("room"))))
        .doesNotThrowAnyException();
  }
}
