package dev.dormouse.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jose4j.keys.HmacKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys, where they come from and how they change.
class KeysTest {
  private static final Duration REFRESH = Duration.ofMinutes(5);

  @Nested
  class Held_keys {
    private final StillExecution execution = new StillExecution();

    /// What the source holds; null while it cannot be read.
    private @Nullable List<SigningKey> document = List.of(key("old"));

    private int read;

    private final Keys keys = new Keys("here", this::read, REFRESH, execution);

    private static SigningKey key(String id) {
      return new SigningKey(id, Algorithm.HS256, new HmacKey(new byte[32]));
    }

    private List<SigningKey> read() throws IOException {
      read++;
      if (document == null) {
        throw new IOException("away");
      }
      return document;
    }

    private boolean has(String id) {
      try {
        return !keys.find(id, Algorithm.HS256).isEmpty();
      } catch (Denial.Found no) {
        throw new AssertionError(no);
      }
    }

    @Test
    void are_read_again_for_a_name_that_is_not_there() throws Exception {
      keys.open();
      document = List.of(key("old"), key("new"));
      execution.pass(Keys.APART);
      assertThat(has("new")).isTrue();
      assertThat(has("old")).isTrue();
      assertThat(read).isEqualTo(2);
    }

    @Test
    void are_read_every_ten_seconds_at_most_whatever_is_asked_for() throws Exception {
      keys.open();
      for (int i = 0; i < 10_000; i++) {
        execution.pass(Duration.ofMillis(10));
        assertThat(has("made up " + i)).isFalse();
      }
      assertThat(read).isBetween(9, 11);
    }

    @Test
    void count_until_they_are_gone_from_the_source() throws Exception {
      keys.open();
      document = List.of(key("new"));
      execution.pass(Keys.APART);
      assertThat(has("old")).as("nobody has looked").isTrue();
      execution.pass(REFRESH);
      assertThat(has("old")).as("this one did not wait").isTrue();
      execution.run();
      assertThat(has("old")).isFalse();
      assertThat(has("new")).isTrue();
    }

    @Test
    void do_not_count_after_a_long_time_in_which_nobody_asked() throws Exception {
      keys.open();
      document = List.of(key("new"));
      execution.pass(REFRESH.multipliedBy(3));
      assertThat(has("old")).isFalse();
    }

    @Test
    void count_on_while_the_source_is_away() throws Exception {
      keys.open();
      document = null;
      execution.pass(REFRESH.multipliedBy(5));
      assertThat(has("old")).isTrue();
      assertThat(has("new")).isFalse();
    }

    @Test
    void that_were_never_had_are_another_thing_than_unknown_ones() {
      document = null;
      assertThatIOException().isThrownBy(keys::open);
      assertThatExceptionOfType(Denial.Found.class)
          .isThrownBy(() -> keys.find("old", Algorithm.HS256))
          .matches(no -> no.denial() == Denial.NO_KEYS);
      document = List.of(key("old"));
      execution.pass(Keys.APART);
      assertThat(has("old")).isTrue();
    }
  }

  @Nested
  class Documents {
    @Test
    void give_each_key_its_algorithm() throws Exception {
      String json = Mint.document(Mint.rsa("r"), Mint.curve("c"), Mint.edwards("e"));
      assertThat(KeyDocument.read(json, false))
          .extracting(SigningKey::algorithm)
          .containsExactly(Algorithm.RS256, Algorithm.ES256, Algorithm.EDDSA);
    }

    @Test
    void hold_keys_for_other_things_too() throws Exception {
      String more =
          Mint.document(Mint.curve("c"))
              .replace(
                  "{\"keys\":[",
                  """
                  {"keys":[
                  {"kty":"oct","kid":"s","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
                  {"kty":"EC","crv":"P-384","kid":"big","x":"AA","y":"AA"},
                  {"kty":"what","kid":"x"},
                  """);
      assertThat(KeyDocument.read(more, false))
          .extracting(SigningKey::id)
          .as("and no secret that everybody can read")
          .containsExactly("c");
      assertThat(KeyDocument.read(more, true)).extracting(SigningKey::id).containsExactly("s", "c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"keys\":7}", "{\"keys\":[]}", "{\"keys\":[{}]}"})
    void are_refused_without_a_key(String json) {
      assertThatIOException().isThrownBy(() -> KeyDocument.read(json, true));
    }

    @Test
    void have_no_weak_keys() {
      String weak = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}]}";
      assertThatIOException().isThrownBy(() -> KeyDocument.read(weak, true));
    }
  }

  @Nested
  class Files_with_secrets {
    @TempDir private Path folder;

    private KeySource of(String text) throws IOException {
      return KeyFiles.secrets(Files.writeString(folder.resolve("secret"), text));
    }

    @Test
    void hold_one_or_several() throws Exception {
      assertThat(of(Mint.SECRET + "\n").read()).hasSize(1);
      assertThat(of(Mint.SECRET + "\n\n  another secret of thirty-two bytes \n").read()).hasSize(2);
    }

    @Test
    void are_refused_if_one_is_short_and_do_not_say_it() {
      assertThatIOException()
          .isThrownBy(() -> of(Mint.SECRET + "\nhunter2\n").read())
          .withMessageContaining("7 bytes")
          .withMessageNotContaining("hunter2");
      assertThatIOException().isThrownBy(() -> of("\n").read());
    }
  }

  @Nested
  class Addresses {
    @Test
    void are_trusted_over_https_or_from_this_machine() {
      List<KeyAddress> all = new ArrayList<>();
      for (String good :
          List.of(
              "https://id.example/keys",
              "http://127.0.0.1:8/k",
              "http://[::1]/k",
              "http://localhost:80/k")) {
        all.add(new KeyAddress(URI.create(good)));
      }
      assertThat(all).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://id.example/keys",
          "http://10.0.0.1/keys",
          "http://127.0.0.1.example/keys",
          "https://ann:secret@id.example/keys",
          "ftp://id.example/keys",
          "https:/keys"
        })
    void are_not_otherwise(String bad) {
      assertThatIllegalArgumentException().isThrownBy(() -> new KeyAddress(URI.create(bad)));
    }
  }
}
