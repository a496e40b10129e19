package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What libraries may quote and the log does not show.
class RedactionTest {
  private static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl";

  @Test
  void takes_tokens_out_wherever_they_stand() {
    for (String text :
        new String[] {
          TOKEN,
          "GET /chat/a?token=" + TOKEN + " failed",
          "GET /chat/a?x=1&token=opaque-one HTTP/1.1",
          "Authorization: Bearer opaque-one",
          "authorization=[bearer opaque-one]",
          "[dormouse, dormouse.token." + TOKEN + "]"
        }) {
      assertThat(Redaction.of(text))
          .contains("(token)")
          .doesNotContain("c2lnbmF0dXJl")
          .doesNotContain("opaque");
    }
  }

  @Test
  void leaves_everything_else() {
    String text = "the room chat/lobby failed: eyJ is no token, and a bearer bond neither?token";
    assertThat(Redaction.of("the token has expired")).isEqualTo("the token has expired");
    assertThat(Redaction.of(text)).startsWith("the room chat/lobby failed: eyJ is no token");
  }
}
