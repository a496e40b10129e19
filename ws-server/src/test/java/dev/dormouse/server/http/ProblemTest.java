package dev.dormouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private static List<RoomException> everyError() {
    List<RoomException> all = new ArrayList<>();
    all.add(new Refusal.Refused(409, "no"));
    all.add(new Refusal.NotFound("no"));
    all.add(new Refusal.VersionConflict(17, "no"));
    all.add(new Refusal.TooLarge("no"));
    all.add(new Refusal.Overloaded("no"));
    all.add(new Refusal.StorageFull("no"));
    all.add(new RoomException.CallTimeout("no"));
    all.add(new RoomException.WouldDeadlock("no"));
    all.add(new RoomException.GoingAway("no"));
    for (RoomReset.Reason reason : RoomReset.Reason.values()) {
      all.add(new RoomReset(reason, Outcome.UNKNOWN, "no", null));
    }
    return all;
  }

  @Test
  void E1_every_error_is_told_as_the_document_says() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "protocols.md"));
    for (RoomException error : everyError()) {
      Problem problem = Problem.of(error, null);
      String status =
          error instanceof Refusal.Refused ? "the room's own, 400 to 499" : "" + problem.status();
      String why = error instanceof RoomReset reset ? " (" + reset.reason() + ")" : "";

      assertThat(document)
          .contains(
              "| `%s`%s | %s | %s |"
                  .formatted(problem.error(), why, status, problem.retryable() ? "yes" : "no"));
    }
  }

  @Test
  void E1_the_body_says_what_is_known_of_the_outcome() throws IOException {
    var body =
        new ObjectMapper()
            .readTree(
                Problem.of(
                        new RoomReset(
                            RoomReset.Reason.COMMIT_FAILED,
                            Outcome.UNKNOWN,
                            "the disk \"fell\"",
                            null),
                        null)
                    .body());

    assertThat(body.path("error").asText()).isEqualTo("reset");
    assertThat(body.path("message").asText()).isEqualTo("the disk \"fell\"");
    assertThat(body.path("retryable").asBoolean()).isTrue();
    assertThat(body.path("outcome").asText()).isEqualTo("UNKNOWN");
    assertThat(body.has("room")).isFalse();
  }

  @Test
  void what_a_handler_threw_stays_in_the_log() {
    Problem problem =
        Problem.of(
            new RoomReset(RoomReset.Reason.HANDLER_THREW, Outcome.NOT_APPLIED, "a secret", null),
            null);

    assertThat(new String(problem.body(), StandardCharsets.UTF_8)).doesNotContain("secret");
  }

  @Test
  void S3_a_refusal_told_over_a_websocket_is_one_json_object() {
    assertThat(Problem.refusal(new Refusal.VersionConflict(17, "moved on")).bytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"dormouse\":\"refused\",\"error\":\"version-conflict\",\"message\":\"moved on\","
                + "\"current\":17}");
    assertThat(Problem.refusal(new Refusal.NotFound("gone")).bytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"dormouse\":\"refused\",\"error\":\"not-found\",\"message\":\"gone\"}");
  }
}
