package dev.dormouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
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
