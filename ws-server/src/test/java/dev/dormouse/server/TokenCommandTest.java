package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.server.access.Mint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jose4j.jwk.JsonWebKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/// `dormouse token` as somebody uses it who tries a server.
class TokenCommandTest {
  @TempDir Path folder;

  private String secrets = "";

  @BeforeEach
  void write() throws IOException {
    secrets =
        Files.writeString(folder.resolve("secret"), "x".repeat(32) + "\n" + Mint.SECRET + "\n")
            .toString();
  }

  private static ParseResult parsed(String... arguments) {
    return new CommandLine(TokenCommand.spec()).parseArgs(arguments);
  }

  private String made(String... arguments) {
    ParseResult parsed = parsed(arguments);
    return TokenCommand.made(parsed, settings(parsed), Instant.now());
  }

  private static ServerSettings settings(ParseResult parsed) {
    return ServeCommand.settings(parsed, Map.of());
  }

  private TokenCommand.Said checked(String token, String... arguments) {
    return TokenCommand.checked(token, settings(parsed(arguments)), new SystemExecution());
  }

  @Test
  void what_is_made_is_taken_by_a_server_with_the_same_settings() {
    String[] settings = {
      "--access-secret",
      secrets,
      "--access-issuer",
      "me",
      "--access-audience",
      "a,b",
      "--sub",
      "ann",
      "--grant",
      "write:collab/**",
      "--grant",
      "read:chat/*",
      "--for",
      "2h"
    };
    TokenCommand.Said said = checked(made(settings), settings);
    assertThat(said.fine()).as(said.text()).isTrue();
    assertThat(said.text().lines())
        .contains("who      ann", "may      write:collab/**", "may      read:chat/*")
        .anyMatch(line -> line.startsWith("until    ") && line.contains("for 72"));
  }

  @Test
  void it_is_signed_with_a_private_key_if_one_is_named() throws Exception {
    Mint mint = Mint.edwards("k1");
    String key =
        Files.writeString(
                folder.resolve("key"),
                Objects.requireNonNull(mint.key())
                    .toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE))
            .toString();
    String keys = Files.writeString(folder.resolve("keys"), Mint.document(mint)).toString();
    TokenCommand.Said said = checked(made("--key", key, "--sub", "ann"), "--access-keys", keys);
    assertThat(said.fine()).as(said.text()).isTrue();
    assertThat(said.text()).contains("who      ann").contains("grants nothing");
    assertThatThrownBy(() -> made("--key", keys, "--sub", "ann")).hasMessageContaining("it is no ");
  }

  @Test
  void it_says_why_a_token_is_refused_and_what_it_says() {
    Mint mint = Mint.secret(Mint.SECRET);
    TokenCommand.Said expired =
        checked(mint.token("ann", Instant.EPOCH, "read:**"), "--access-secret", secrets);
    assertThat(expired.fine()).isFalse();
    assertThat(expired.text())
        .startsWith("refused  expired: the token has expired")
        .contains("unchecked", "\"sub\":\"ann\"", "HS256");
    assertThat(checked("rubbish\u001b[31m", "--access-secret", secrets).text())
        .contains("malformed")
        .doesNotContain("\u001b");
  }

  @Test
  void words_that_grant_nothing_are_shown() {
    Mint mint = Mint.secret(Mint.SECRET);
    String token =
        mint.token(
            "ann", Instant.now().plusSeconds(60), Map.of("dormouse", List.of("rite:chat/**")));
    assertThat(checked(token, "--access-secret", secrets).text()).contains("no grant rite:chat/**");
  }

  @Test
  void what_cannot_be_is_said_in_a_sentence() {
    assertThatThrownBy(() -> made("--sub", "ann"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("--access-secret");
    assertThatThrownBy(() -> made("--access-secret", secrets, "--grant", "rite:x"))
        .hasMessageContaining("'rite:x' is no grant");
    assertThatThrownBy(() -> made("--access-secret", secrets, "--for", "1 hour"))
        .hasMessageContaining("--for takes a time");
    assertThatThrownBy(() -> made("--access-secret", folder.resolve("no").toString()))
        .hasMessageContaining("it is not there");
    assertThatThrownBy(() -> checked("a.b.c")).hasMessageContaining("asks for no token");
  }
}
