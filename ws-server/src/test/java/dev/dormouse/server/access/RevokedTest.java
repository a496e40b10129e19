package dev.dormouse.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.dormouse.server.access.Revoked.Listed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens that count no more though they have not ended.
class RevokedTest {
  @TempDir Path folder;

  private final StillExecution execution = new StillExecution();
  private final List<Listed> heard = new ArrayList<>();

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("revoked"), text);
  }

  private void look() {
    execution.pass(Revoked.LOOK);
    execution.ring();
    execution.run();
  }

  @Test
  void are_listed_by_their_id_or_by_whose_they_are() throws Exception {
    Listed listed =
        new Revoked(file("# gone\n\njti t-1\n  sub  ann of the hill \njti t-2"), execution)
            .listed();

    assertThat(listed).isEqualTo(new Listed(Set.of("t-1", "t-2"), Set.of("ann of the hill")));
    assertThat(listed.has("bob", Map.of("jti", "t-2"))).isTrue();
    assertThat(listed.has("ann of the hill", Map.of())).isTrue();
    assertThat(listed.has("bob", Map.of("jti", "t-3"))).isFalse();
    assertThat(listed.has(null, Map.of())).isFalse();
  }

  @Test
  void stop_the_start_if_a_line_is_none_and_its_text_is_not_told() throws Exception {
    for (String line :
        List.of("ey.secret.token", "jti", "who ann", "jti a secret", "sub ann # secret")) {
      Path file = file("jti t-1\n" + line + "\n");
      assertThatIOException()
          .isThrownBy(() -> new Revoked(file, execution))
          .withMessageContaining("line 2")
          .withMessageNotContaining("secret");
    }
  }

  @Test
  void are_told_at_once_and_after_each_change() throws Exception {
    Revoked revoked = new Revoked(file("jti t-1\n"), execution);
    revoked.watch(heard::add);
    assertThat(heard).containsExactly(revoked.listed());
    look();
    assertThat(heard).hasSize(1);

    file("jti t-1\nsub ann\n");
    look();

    assertThat(heard).hasSize(2);
    assertThat(revoked.listed().subjects()).containsExactly("ann");
  }

  @Test
  void count_on_while_the_file_cannot_be_read_and_it_is_looked_at_again() throws Exception {
    Path file = file("jti t-1\n");
    Revoked revoked = new Revoked(file, execution);
    revoked.watch(heard::add);
    Files.delete(file);
    look();
    file("rubbish\n");
    look();
    assertThat(revoked.listed().tokens()).containsExactly("t-1");

    file("sub ann\n");
    look();

    assertThat(revoked.listed()).isEqualTo(new Listed(Set.of(), Set.of("ann")));
  }

  @Test
  void are_read_again_when_a_look_failed_though_the_file_stayed_as_it_is() throws Exception {
    Path file = file("jti t-1\n");
    Revoked revoked = new Revoked(file, execution);
    revoked.watch(heard::add);
    file("rubbish\n");
    FileTime at = FileTime.fromMillis(1_000);
    Files.setLastModifiedTime(file, at);
    look();

    file("sub ann\n");
    Files.setLastModifiedTime(file, at);
    look();

    assertThat(revoked.listed().subjects()).containsExactly("ann");
  }
}
