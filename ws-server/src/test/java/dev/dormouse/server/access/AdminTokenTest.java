package dev.dormouse.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The admin port's token, its sessions, and who guesses.
class AdminTokenTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  private final StillExecution execution = new StillExecution();

  @Nested
  class The_token {
    @TempDir private Path folder;

    @Test
    void is_made_once_for_its_owner_only() throws Exception {
      Path file = folder.resolve("admin-token");
      AdminToken made = AdminToken.kept(file);
      String text = Files.readString(file).strip();
      assertThat(text).hasSize(43);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(made.is(text)).isTrue();
      assertThat(AdminToken.kept(file).is(text)).isTrue();
      assertThat(made.is(text.substring(1))).isFalse();
      assertThat(made.is("")).isFalse();
    }

    @Test
    void that_others_may_have_read_is_not_taken() throws Exception {
      Path file = folder.resolve("admin-token");
      AdminToken.kept(file);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      assertThatIOException()
          .isThrownBy(() -> AdminToken.kept(file))
          .withMessageContaining("others can read it");
    }

    @Test
    void of_somebody_else_s_making_is_long_enough() throws Exception {
      Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
      assertThat(AdminToken.in(file).is(TOKEN)).isTrue();
      Files.writeString(file, "hunter2");
      assertThatIOException()
          .isThrownBy(() -> AdminToken.in(file))
          .withMessageContaining("7 characters")
          .withMessageNotContaining("hunter2");
      assertThatIOException().isThrownBy(() -> AdminToken.in(folder.resolve("none")));
    }
  }

  @Nested
  class A_session {
    private final Sessions sessions = new Sessions(execution);

    @Test
    void takes_both_secrets() {
      Sessions.Secrets mine = sessions.begin();
      Sessions.Secrets other = sessions.begin();
      assertThat(sessions.has(mine.cookie(), mine.page())).isTrue();
      assertThat(sessions.has(mine.cookie(), null)).isFalse();
      assertThat(sessions.has(null, mine.page())).isFalse();
      assertThat(sessions.has(mine.cookie(), other.page())).isFalse();
      assertThat(sessions.has(mine.page(), mine.cookie())).isFalse();
    }

    @Test
    void ends_when_it_is_told_to_and_after_half_a_day() {
      Sessions.Secrets mine = sessions.begin();
      Sessions.Secrets other = sessions.begin();
      sessions.end(mine.cookie(), mine.page());
      assertThat(sessions.has(mine.cookie(), mine.page())).isFalse();
      execution.pass(Sessions.LASTS.minusSeconds(1));
      assertThat(sessions.has(other.cookie(), other.page())).isTrue();
      execution.pass(Duration.ofSeconds(1));
      assertThat(sessions.has(other.cookie(), other.page())).isFalse();
    }

    @Test
    void makes_room_for_others() {
      Sessions.Secrets first = sessions.begin();
      Sessions.Secrets last = first;
      for (int i = 0; i < 64; i++) {
        last = sessions.begin();
      }
      assertThat(sessions.has(first.cookie(), first.page())).isFalse();
      assertThat(sessions.has(last.cookie(), last.page())).isTrue();
    }
  }

  @Nested
  class Who_guesses {
    private final Guesses guesses = new Guesses(execution);
    private final List<String> answered = new ArrayList<>();

    private Optional<Duration> wrong() throws IOException {
      return guesses.wrong(() -> answered.add("no"));
    }

    @Test
    void is_answered_later_and_later() throws Exception {
      List<Duration> delays = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        delays.add(wrong().orElseThrow());
        execution.pass(Duration.ofSeconds(10));
        execution.ring();
      }
      assertThat(delays).isSorted().startsWith(Duration.ofMillis(100), Duration.ofMillis(200));
      assertThat(delays).endsWith(Duration.ofSeconds(5), Duration.ofSeconds(5));
      assertThat(answered).hasSize(9);
      execution.pass(Duration.ofSeconds(61));
      assertThat(wrong()).contains(Duration.ofMillis(100));
    }

    @Test
    void is_not_looked_at_while_eight_wait() throws Exception {
      for (int i = 0; i < 8; i++) {
        assertThat(guesses.mayGuess()).isTrue();
        assertThat(wrong()).isPresent();
      }
      assertThat(guesses.mayGuess()).isFalse();
      assertThat(wrong()).isEmpty();
      execution.pass(Duration.ofSeconds(10));
      execution.ring();
      assertThat(guesses.mayGuess()).isTrue();
    }
  }
}
