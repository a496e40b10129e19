package dev.dormouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The admin port's answers about sagas and queues, and whom it refuses, with nothing behind it.
@Timeout(60)
class AdminStageIT {
  private static final String ORDER = "{\"actor\":\"ada\"}";

  private static AdminStage stage;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    stage = AdminStage.start();
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    stage.close();
  }

  private record Reply(int status, JsonNode json, HttpResponse<String> whole) {
    String text(String field) {
      return json.path(field).asText();
    }
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stage.port() + path));
  }

  private static Reply send(HttpRequest request) throws Exception {
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    return new Reply(response.statusCode(), Problem.JSON.readTree(response.body()), response);
  }

  private static Reply get(String path) throws Exception {
    return send(to(path).build());
  }

  private static Reply post(String path, String body) throws Exception {
    return send(
        to(path)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static List<String> each(JsonNode list, String field) {
    return list.findValuesAsText(field);
  }

  @Nested
  class Sagas {
    @Test
    void are_listed_by_status_definition_and_search() throws Exception {
      assertThat(each(get("/sagas?status=parked").json().path("sagas"), "saga"))
          .contains("trip-1043", "trip-666");
      assertThat(each(get("/sagas?status=ended&search=TRIP").json().path("sagas"), "status"))
          .containsExactly("COMPLETED", "COMPENSATED");
      assertThat(get("/sagas?definition=nobody").json().path("sagas")).isEmpty();
    }

    @Test
    void are_listed_page_by_page() throws Exception {
      List<String> found = new ArrayList<>();
      String next = "";
      int pages = 0;
      do {
        Reply page = get("/sagas?search=bulk&limit=30" + next);
        found.addAll(each(page.json().path("sagas"), "saga"));
        next = page.json().has("next") ? "&after=" + page.text("next") : "";
        pages++;
      } while (!next.isEmpty() && pages < 10);
      assertThat(found).hasSize(70).doesNotHaveDuplicates();
      assertThat(pages).isEqualTo(3);
    }

    @Test
    void are_told_whole_by_the_name_and_by_the_id_of_their_room() throws Exception {
      Reply saga = get("/sagas/shop/trips/oslo/-/trip-1044");

      assertThat(saga.text("status")).isEqualTo("RUNNING");
      assertThat(each(saga.json().path("steps"), "act"))
          .containsExactly("DONE", "DONE", "STARTED", "PENDING", "PENDING");
      assertThat(each(saga.json().path("steps"), "kind"))
          .containsExactly("COMPENSATABLE", "COMPENSATABLE", "COMPENSATABLE", "PIVOT", "RETRIABLE");
      assertThat(each(saga.json().path("steps"), "stage")).containsExactly("0", "1", "1", "2", "3");
      assertThat(each(saga.json().path("alarms"), "what")).containsExactly("do", "deadline");
      assertThat(each(saga.json().path("possible"), "verb")).containsExactly("cancel", "pause");
      assertThat(saga.json().path("timeline")).isNotEmpty();
      String id = saga.json().path("room").path("id").asText();
      assertThat(get("/sagas/shop/-/trip-1044?id=" + id).json().path("room").path("name").asText())
          .isEqualTo("trips/oslo");
    }

    @Test
    void are_ordered_about_and_answer_with_how_they_stand() throws Exception {
      Reply paused = post("/sagas/shop/trips/oslo/-/bulk-001/pause", ORDER);
      assertThat(paused.status()).isEqualTo(200);
      assertThat(paused.json().path("paused").asBoolean()).isTrue();
      assertThat(each(paused.json().path("possible"), "verb")).containsExactly("cancel", "resume");
      assertThat(stage.sagaOrders()).contains("Pause[actor=ada]");

      Reply refused = post("/sagas/shop/trips/oslo/-/bulk-001/retry", ORDER);
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.text("error")).isEqualTo("refused");
      assertThat(refused.text("message")).contains("not parked");
      assertThat(refused.text("room")).isEqualTo("shop/trips/oslo");
    }

    @Test
    void have_definitions_that_can_be_drawn() throws Exception {
      JsonNode booking = get("/definitions").json().path("definitions").get(0);
      assertThat(booking.path("stages")).hasSize(4);
      assertThat(booking.path("stages").get(2).get(0).path("act").path("service").asText())
          .isEqualTo("bank");
      assertThat(booking.path("mermaid").asText()).startsWith("flowchart LR\n");
    }
  }

  @Nested
  class Queues {
    @Test
    void are_told_with_their_groups_and_messages() throws Exception {
      JsonNode group = get("/queues").json().path("queues").get(0).path("groups").get(0);
      assertThat(group.path("group").asText()).isEqualTo("sender");
      assertThat(get("/queues/mails").json().path("groups").get(0)).isEqualTo(group);
      assertThat(get("/queues/mails/sender").json()).isEqualTo(group);
      assertThat(get("/queues/mails/sender/messages?state=delayed").json().path("messages"))
          .singleElement()
          .satisfies(it -> assertThat(it.path("key").asText()).isEqualTo("m-43"));
      Reply first = get("/queues/mails/sender/messages?limit=1");
      assertThat(get("/queues/mails/sender/messages?limit=1&from=" + first.text("next")).json())
          .isNotEqualTo(first.json());
      assertThat(get("/queues/mails.dead/-/log").json().at("/messages/0/origin/error").asText())
          .contains("no such user");
    }

    @Test
    void are_ordered_about() throws Exception {
      assertThat(post("/queues/mails/sender/pause", ORDER).json().path("paused").asBoolean())
          .isTrue();
      assertThat(post("/queues/mails/sender/resume", ORDER).json().path("paused").asBoolean())
          .isFalse();
      Reply one = post("/queues/mails/sender/redrive", "{\"actor\":\"ada\",\"position\":40}");
      assertThat(one.json().path("messages").asInt()).isEqualTo(1);
      assertThat(one.json().path("dead").asInt()).isEqualTo(1);
      assertThat(post("/queues/mails/sender/redrive", ORDER).json().path("dead").asInt()).isZero();
      assertThat(
              post("/queues/mails/sender/redrive", "{\"actor\":\"ada\",\"position\":40}").status())
          .isEqualTo(404);
      assertThat(stage.queueOrders())
          .containsSubsequence("pause", "resume", "redrive 40", "redrive all");
    }
  }

  @Nested
  class Connections {
    private static final String LISBON = "/connections/shop/trips/lisbon";

    @Test
    void of_a_room_are_listed_page_by_page() throws Exception {
      Reply first = get(LISBON + "?limit=20");
      Reply second = get(LISBON + "?limit=20&after=" + first.text("next"));

      assertThat(first.json().path("all").asInt()).isGreaterThanOrEqualTo(43);
      assertThat(first.json().path("connections")).hasSize(20);
      JsonNode one = first.json().at("/connections/0");
      assertThat(one.path("tags").get(0).asText()).startsWith("seat-");
      assertThat(one.path("address").asText()).matches("127\\.0\\.0\\.1:50\\d{3}");
      assertThat(each(first.json().path("connections"), "parked")).contains("true", "false");
      assertThat(each(first.json().path("connections"), "access")).contains("read", "write");
      assertThat(each(second.json().path("connections"), "key"))
          .hasSize(20)
          .doesNotContainAnyElementsOf(each(first.json().path("connections"), "key"));
      assertThat(get("/connections/desks/desk-1").json().path("connections")).isEmpty();
    }

    @Test
    void are_closed_one_by_one_with_code_and_reason() throws Exception {
      String key = get(LISBON + "?after=38&limit=1").json().at("/connections/0/key").asText();
      String order =
          "{\"actor\":\"ada\",\"key\":" + key + ",\"code\":4403,\"reason\":\"too loud\"}";

      Reply closed = post(LISBON, order);
      assertThat(closed.status()).isEqualTo(200);
      assertThat(closed.json().path("code").asInt()).isEqualTo(4403);
      assertThat(stage.closed()).contains(key + " 4403 too loud");
      assertThat(post(LISBON, order).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"key\":1}",
          "{\"actor\":\"ada\"}",
          "{\"actor\":\"ada\",\"key\":1,\"code\":1006}",
          "{\"actor\":\"ada\",\"key\":1,\"code\":5000}",
          "{\"actor\":\"ada\",\"key\":\"1\"}",
          "{\"actor\":\"ada\",\"key\":1,\"resaon\":\"x\"}"
        })
    void are_not_closed_by_an_order_with_a_slip(String order) throws Exception {
      assertThat(post(LISBON, order).status()).isEqualTo(400);
      assertThat(stage.closed()).noneMatch(it -> it.startsWith("1 "));
    }

    @Test
    void are_not_closed_for_a_reason_that_no_frame_can_hold() throws Exception {
      String order = "{\"actor\":\"ada\",\"key\":1,\"reason\":\"" + "x".repeat(124) + "\"}";
      assertThat(post(LISBON, order).status()).isEqualTo(400);
    }
  }

  @Nested
  class A_room {
    @Test
    void T5_is_aborted_whatever_it_is_at() throws Exception {
      CompletableFuture<RuntimeException> told = new CompletableFuture<>();
      Thread caller = stage.busy("shop", "trips/bergen", told::complete);
      Reply look = get("/rooms/shop/trips/bergen");
      for (int i = 0; !look.text("why").contains("at work") && i < 500; i++) {
        Thread.sleep(10);
        look = get("/rooms/shop/trips/bergen");
      }
      String order = "{\"actor\":\"ada\",\"reason\":\"it hangs\"}";

      Reply aborted = post("/rooms/shop/trips/bergen/abort", order);
      assertThat(aborted.json().path("aborted").asBoolean()).isTrue();
      assertThat(told.get(10, TimeUnit.SECONDS))
          .isInstanceOf(RoomException.RoomReset.class)
          .hasMessageContaining("it hangs");
      caller.join();
      assertThat(post("/rooms/shop/trips/bergen/abort", order).json().path("aborted").asBoolean())
          .isFalse();
      assertThat(post("/rooms/shop/trips/bergen/abort", "{}").status()).isEqualTo(400);
      assertThat(post("/rooms/shop/nobody/abort", order).status()).isEqualTo(404);
    }

    @Test
    void has_its_own_keys_and_alarms_changed_and_those_of_the_system_only_shown() throws Exception {
      String oslo = "/keys/shop/trips/oslo";
      Reply stored = get(oslo);
      assertThat(stored.json().at("/keys/0/system").asBoolean()).isTrue();
      assertThat(stored.json().at("/alarms/0/system").asBoolean()).isTrue();
      assertThat(each(stored.json().path("keys"), "key")).contains("value");
      assertThat(stored.json().at("/stored/bytes").asLong()).isPositive();
      assertThat(stored.json().at("/stored/keys").asLong()).isEqualTo(2);
      assertThat(stored.json().at("/stored/mostBytes").asLong())
          .isEqualTo(RoomLimits.defaults().storedBytes());
      assertThat(stored.json().at("/stored/mostKeys").asLong())
          .isEqualTo(RoomLimits.defaults().storedKeys());

      Reply changed =
          post(
              oslo + "?actor=ada",
              "{\"keys\":[{\"key\":\"value\",\"base64\":\"/w==\"}],"
                  + "\"alarms\":[{\"alarm\":\"tomorrow\",\"due\":\"2100-01-01T00:00:00Z\"}]}");
      assertThat(changed.status()).isEqualTo(200);
      Reply after = get(oslo + "?prefix=val");
      assertThat(after.json().at("/keys/0/base64").asText()).isEqualTo("/w==");
      assertThat(each(after.json().path("alarms"), "alarm")).contains("tomorrow");
      assertThat(post(oslo + "?actor=ada", "{\"keys\":[{\"key\":\"\\u0000staged/row\"}]}").status())
          .isEqualTo(400);
    }

    @Test
    void is_woken_and_put_to_sleep_by_somebody_with_a_name() throws Exception {
      assertThat(post("/rooms/shop/trips/oslo/wake?actor=ada", "").status()).isEqualTo(200);
      assertThat(post("/rooms/shop/trips/oslo/wake?actor=a%0Ab", "").status()).isEqualTo(400);
      assertThat(post("/rooms/shop/trips/oslo/evict?who=ada", "").status()).isEqualTo(400);
    }
  }

  @Test
  void everything_is_told_in_numbers() throws Exception {
    JsonNode overview = get("/overview").json();
    assertThat(overview.path("connections").asInt()).isEqualTo(1_204);
    assertThat(each(overview.path("openSagas"), "status"))
        .containsExactly("RUNNING", "COMPENSATING", "PARKED_FORWARD", "PARKED_BACKWARD");
    assertThat(overview.path("parked")).isNotEmpty();
    assertThat(overview.path("queues")).hasSize(2);
    assertThat(overview.at("/queues/0/groups/0/backlog").asInt()).isPositive();
  }

  @Nested
  class What_cannot_be {
    @ParameterizedTest
    @CsvSource({
      "GET, /sagas?status=dozing, 400, bad-request",
      "GET, /sagas?limit=0, 400, bad-request",
      "GET, /sagas?after=x, 400, bad-request",
      "GET, /sagas?room=x, 400, bad-request",
      "GET, /sagas/nowhere/x/-/y, 404, unknown-namespace",
      "GET, /sagas/shop/x/-/y, 404, not-found",
      "GET, /sagas/shop/x/-/a%20b, 400, bad-name",
      "GET, /sagas/shop/-/y, 400, bad-request",
      "GET, /sagas/shop/-/y?id=12, 400, bad-name",
      "GET, /sagas/shop/x/-/y/retry, 405, method-not-allowed",
      "GET, /sagas/shop/x/-/y/burn, 404, not-found",
      "GET, /definitions?x=1, 400, bad-request",
      "GET, /overview?x=1, 400, bad-request",
      "GET, /queues?x=1, 400, bad-request",
      "GET, /queues/nobody, 404, not-found",
      "GET, /queues/mails/nobody, 404, not-found",
      "GET, /queues/mails/sender/purge, 405, method-not-allowed",
      "GET, /queues/mails/sender/messages?state=lost, 400, bad-request",
      "GET, /queues/mails/sender/messages?limit=101, 400, bad-request",
      "GET, /queues/mails/sender/messages?from=-1, 400, bad-request",
      "GET, /connections, 404, not-found",
      "GET, /connections/nowhere/x, 404, unknown-namespace",
      "GET, /connections/shop, 400, bad-request",
      "GET, /connections/shop/x?limit=0, 400, bad-request",
      "GET, /connections/shop/x?after=x, 400, bad-request",
      "GET, /connections/shop/x?tag=x, 400, bad-request",
      "POST, /rooms/shop/trips/oslo/burn, 405, method-not-allowed",
      "GET, /../secret, 400, bad-request",
      "GET, /index.htm, 404, not-found",
      "POST, /sagas, 405, method-not-allowed",
      "POST, /overview, 405, method-not-allowed",
      "POST, /, 405, method-not-allowed",
      "POST, /sagas/shop/x/-/y, 405, method-not-allowed",
      "POST, /sagas/shop/x/-/y/retry, 404, not-found",
      "POST, /sagas/shop/trips/oslo/-/bulk-002/skip, 400, bad-request",
      "POST, /queues/mails/nobody/pause, 404, not-found",
      "POST, /queues/mails/sender, 405, method-not-allowed"
    })
    void is_refused_in_the_same_words_as_everywhere(
        String method, String path, int status, String error) throws Exception {
      Reply reply = method.equals("GET") ? get(path) : post(path, ORDER);

      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.text("error")).isEqualTo(error);
      assertThat(reply.text("message")).isNotEmpty();
      assertThat(reply.text("outcome")).isEqualTo("NOT_APPLIED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
    void as_an_order_that_a_form_could_send_is_415(String type) throws Exception {
      Reply reply =
          send(
              to("/queues/mails/sender/purge")
                  .header("content-type", type)
                  .POST(HttpRequest.BodyPublishers.ofString(ORDER))
                  .build());
      assertThat(reply.status()).isEqualTo(415);
      assertThat(stage.queueOrders()).doesNotContain("purge");
    }

    @Test
    void as_an_order_of_somebody_elses_page_is_403() throws Exception {
      Reply reply =
          send(
              to("/queues/mails/sender/purge")
                  .header("content-type", "application/json")
                  .header("origin", "http://evil.example")
                  .POST(HttpRequest.BodyPublishers.ofString(ORDER))
                  .build());
      assertThat(reply.status()).isEqualTo(403);
      assertThat(stage.queueOrders()).doesNotContain("purge");
    }

    @Test
    void as_a_body_that_is_too_large_is_413() throws Exception {
      assertThat(post("/sagas/shop/x/-/y/retry", " ".repeat(20_000)).status()).isEqualTo(413);
    }
  }

  @Test
  void the_page_is_there_and_runs_nothing_that_is_not_its_own() throws Exception {
    for (String path : List.of("/", "/app.js", "/admin.css", "/icon.svg")) {
      HttpResponse<String> page =
          client.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.headers().firstValue("content-security-policy"))
          .hasValue(
              "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
      assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    }
  }
}
