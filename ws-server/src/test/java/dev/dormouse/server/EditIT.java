package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an operator changes while a room is awake.
@Timeout(60)
@DisplayName("A change from outside")
class EditIT {
  @TempDir Path folder;

  /// Remembers what it found when it was built.
  private static final class Forgetful implements Room {
    private final RoomContext context;
    private final String remembered;

    Forgetful(RoomContext context) {
      this.context = context;
      this.remembered = context.storage().getText("word").orElse("nothing");
    }

    @Override
    public HttpReply onRequest(HttpCall call) {
      return HttpReply.text(200, remembered + " " + context.storage().version());
    }
  }

  private static String ask(RoomServer server, String namespace) {
    HttpReply reply =
        server.rooms().request(server.rooms().idFromName(namespace, "r"), HttpCall.of("GET", "x"));
    return new String(((HttpReply.Bytes) reply.body()).bytes(), StandardCharsets.UTF_8);
  }

  private RoomServer serving() {
    return RoomServer.builder()
        .namespace(Namespace.named("blocking", Forgetful::new).build())
        .namespace(Namespace.named("quick", Forgetful::new).nonBlocking().build())
        .data(folder)
        .port(0)
        .set(Setting.ADMIN, "0")
        .start();
  }

  @ParameterizedTest
  @ValueSource(strings = {"blocking", "quick"})
  void is_a_turn_after_which_the_room_is_built_anew(String namespace) throws Exception {
    try (RoomServer server = serving()) {
      AdminClient admin = new AdminClient(server);
      String path = "/keys/" + namespace + "/r?actor=me";
      assertThat(ask(server, namespace)).isEqualTo("nothing 0");

      // Several in a row are no failures, so that it does not have to rest (T6).
      for (int i = 1; i <= 8; i++) {
        String edit = "{\"keys\":[{\"key\":\"word\",\"text\":\"w" + i + "\"}]}";
        assertThat(admin.order(path, edit).status()).isEqualTo(200);
        assertThat(ask(server, namespace)).isEqualTo("w" + i + " " + i);
      }
      assertThat(admin.order(path, "{\"keys\":[{\"kye\":\"word\"}]}").status()).isEqualTo(400);
      assertThat(admin.order(path, "{\"keys\":[{\"key\":\"\\u0000saga/x\"}]}").status())
          .isEqualTo(400);
      assertThat(admin.order("/keys/" + namespace + "/r", "{}").status()).isEqualTo(400);
      assertThat(ask(server, namespace)).isEqualTo("w8 8");
      assertThat(
              admin
                  .get("/keys/" + namespace + "/r")
                  .json()
                  .path("keys")
                  .path(0)
                  .path("text")
                  .asText())
          .isEqualTo("w8");
    }
  }

  @Test
  void is_refused_if_somebody_else_came_between_the_look_and_the_change() throws Exception {
    try (RoomServer server = serving()) {
      AdminClient admin = new AdminClient(server);
      String path = "/keys/blocking/r?actor=me";
      String add = "{\"keys\":[{\"key\":\"word\",\"text\":\"one\",\"was\":null}]}";
      assertThat(admin.order(path, add).status()).isEqualTo(200);
      assertThat(admin.order(path, add).status()).as("it is there already").isEqualTo(409);
      String edit =
          "{\"keys\":[{\"key\":\"other\",\"text\":\"x\"},"
              + "{\"key\":\"word\",\"text\":\"two\",\"was\":{\"base64\":\"b25l\"}}]}";
      assertThat(admin.order(path, edit).status()).isEqualTo(200);
      AdminClient.Reply second = admin.order(path, edit);
      assertThat(second.status()).isEqualTo(409);
      assertThat(second.json().path("message").asText()).contains("'word' has changed since");
      assertThat(ask(server, "blocking")).isEqualTo("two 2");
      String delete = "{\"keys\":[{\"key\":\"word\",\"was\":{\"text\":\"one\"}}]}";
      assertThat(admin.order(path, delete).status()).isEqualTo(409);
      assertThat(ask(server, "blocking")).isEqualTo("two 2");
    }
  }

  /// Two see the same and change it at once: one of them is told.
  @Test
  void is_made_by_one_of_two_who_saw_the_same() throws Exception {
    try (RoomServer server = serving()) {
      AdminClient admin = new AdminClient(server);
      String path = "/keys/blocking/r?actor=me";
      String before = "null";
      for (int round = 0; round < 20; round++) {
        List<CompletableFuture<Integer>> both = new ArrayList<>();
        for (String who : List.of("ann", "bob")) {
          String edit =
              "{\"keys\":[{\"key\":\"word\",\"text\":\"%s%d\",\"was\":%s}]}"
                  .formatted(who, round, before);
          both.add(
              CompletableFuture.supplyAsync(() -> {
                try {
                  return admin.order(path, edit).status();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }));
        }
        assertThat(both).extracting(CompletableFuture::join).containsExactlyInAnyOrder(200, 409);
        before = "{\"text\":\"%s\"}".formatted(ask(server, "blocking").split(" ", 2)[0]);
      }
    }
  }
}
