package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.rooms.collab.CollabNamespace;
import dev.dormouse.server.RoomServer;
import dev.dormouse.server.Setting;
import dev.dormouse.server.access.Mint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real `yjs` and `y-websocket` at a server that asks for tokens.
@DisplayName("Real editors with tokens")
@Timeout(120)
class EditorsWithTokensIT {
  private static final Mint SECRET = Mint.secret(Mint.SECRET);

  @TempDir static Path folder;

  private static RoomServer server;

  @BeforeAll
  static void start() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), Mint.SECRET);
    server =
        RoomServer.builder()
            .namespace(CollabNamespace.declaration())
            .data(folder.resolve("data"))
            .port(0)
            .set(Setting.ACCESS_SECRET, secret.toString())
            .set(Setting.ACCESS_SKEW, "0")
            .set(Setting.ANONYMOUS, "read:collab/public/**")
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void require() throws InterruptedException {
    NodeEditor.Node.require();
  }

  private static String token(int seconds, String... grants) {
    return SECRET.token("ann", Instant.now().plusSeconds(seconds), grants);
  }

  private static NodeEditor editor(String document, long seed, String... more) throws IOException {
    return NodeEditor.start(server.port(), document, seed, more);
  }

  private static void until(Callable<Boolean> holds) throws Exception {
    for (int i = 0; i < 500 && !holds.call(); i++) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(holds.call()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameter", "protocol"})
  void write_together_with_a_token(String by) throws Exception {
    String token = token(600, "write:collab/**");
    try (NodeEditor ann = editor("both-" + by, 1, "--token", token, "--by", by);
        NodeEditor ben = editor("both-" + by, 2, "--token", token, "--by", by)) {
      ann.join();
      ben.join();
      ann.command("edit", "n", 20);
      ben.command("edit", "n", 20);
      until(() -> ann.document().equals(ben.document()));
    }
  }

  @Test
  void that_may_not_enter_are_told_so_once_and_stay_away() throws Exception {
    String other = token(600, "write:collab/other");
    try (NodeEditor nobody = editor("mine", 1);
        NodeEditor stranger = editor("mine", 2, "--token", other);
        NodeEditor late =
            editor("mine", 3, "--token", token(-60, "write:**"), "--by", "protocol")) {
      nobody.command("connect");
      stranger.command("connect");
      late.command("connect");
      until(() -> nobody.closedFor() != 0 && stranger.closedFor() != 0 && late.closedFor() != 0);
      TimeUnit.SECONDS.sleep(2);
      assertThat(nobody.closeCodes()).containsExactly(4401);
      assertThat(stranger.closeCodes()).containsExactly(4403);
      assertThat(late.closeCodes()).containsExactly(4401);
    }
  }

  @Test
  void that_may_only_read_follow_and_change_nothing() throws Exception {
    try (NodeEditor ann = editor("public/page", 1, "--token", token(600, "write:collab/**"));
        NodeEditor reader = editor("public/page", 2)) {
      ann.join();
      reader.join();
      ann.command("edit", "n", 30);
      until(() -> ann.document().equals(reader.document()));
      ann.command("awareness", "state", java.util.Map.of("name", "Ann"));
      reader.command("awareness", "state", java.util.Map.of("name", "Reader"));
      until(() -> states(reader).toString().contains("Ann"));

      NodeEditor.Document before = ann.document();
      reader.command("edit", "n", 5);
      until(() -> reader.command("status").path("denied").asInt() > 0);
      ann.command("edit", "n", 1);
      TimeUnit.MILLISECONDS.sleep(500);

      String other = reader.command("status").path("client").asText();
      assertThat(ann.document().clocks().has(other)).isFalse();
      assertThat(before.clocks().has(other)).isFalse();
      assertThat(states(ann).toString()).as("a reader is not seen").doesNotContain("Reader");
      assertThat(reader.closeCodes()).as("and stays").isEmpty();
      assertThat(reader.command("status").path("connected").asBoolean()).isTrue();
    }
  }

  private static JsonNode states(NodeEditor editor) throws IOException, InterruptedException {
    return editor.command("awareness").path("states");
  }

  @Test
  void stay_with_another_token_and_go_without_one() throws Exception {
    String grant = "write:collab/**";
    try (NodeEditor ann = editor("ends", 1, "--token", token(3, grant));
        NodeEditor ben = editor("ends", 2, "--token", token(3, grant))) {
      ann.join();
      ben.join();
      ann.command("renew", "token", token(600, grant));
      until(() -> ben.closedFor() != 0);
      TimeUnit.SECONDS.sleep(2);
      assertThat(ben.closeCodes()).containsExactly(4401);
      assertThat(ann.closeCodes()).isEmpty();

      ann.command("edit", "n", 5);
      ben.command("edit", "n", 5);
      ben.command("token", "token", token(600, grant));
      ben.synced();
      until(() -> ann.document().equals(ben.document()));
    }
  }
}
