package dev.dormouse.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.QueueMessage;
import dev.dormouse.saga.queue.Settled;
import dev.dormouse.saga.queue.node.QueueClient;
import dev.dormouse.server.access.Gate;
import dev.dormouse.server.jetty.Subjects;
import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Metering;
import dev.dormouse.server.limits.Networks;
import dev.dormouse.server.limits.Ticks;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients of queues say over HTTP, and what they are told; the queues behind it do as the
/// test says.
class QueueDoorIT {
  private static final String LEASE = "0000000000000007-00112233445566778899aabbccddeeff";

  private final Queues queues = new Queues();
  private final HttpClient client = HttpClient.newHttpClient();
  private Server server;
  private int port;

  /// Remembers what it was asked, and says what it is to say.
  private static final class Queues implements QueueClient {
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<QueueMessage> published = Collections.synchronizedList(new ArrayList<>());
    private volatile @Nullable RoomException failure;
    private volatile List<Pulled> messages = List.of();

    private void ask(String what) {
      asked.add(what);
      RoomException no = failure;
      if (no != null) {
        throw no;
      }
    }

    @Override
    public long publish(String queue, List<QueueMessage> all) {
      ask("publish " + queue);
      published.addAll(all);
      return 41;
    }

    @Override
    public List<Pulled> pull(
        String queue, String group, int limit, @Nullable Duration lease, Duration wait) {
      ask("pull %s/%s %d %s %s".formatted(queue, group, limit, lease, wait));
      return messages;
    }

    @Override
    public List<Settled> ack(String queue, String group, List<String> leases) {
      ask("ack " + queue + "/" + group);
      return Collections.nCopies(leases.size(), Settled.ACKED);
    }

    @Override
    public List<Settled> retry(
        String queue, String group, List<String> leases, Duration delay, String error) {
      ask("retry %s/%s %s %s".formatted(queue, group, delay, error));
      return Collections.nCopies(leases.size(), Settled.STALE_LEASE);
    }

    @Override
    public List<Settled> extend(
        String queue, String group, List<String> leases, @Nullable Duration lease) {
      ask("extend %s/%s %s".formatted(queue, group, lease));
      return Collections.nCopies(leases.size(), Settled.EXTENDED);
    }
  }

  private static Toll toll() {
    Metering free =
        new Metering(new Ticks(new SystemExecution()), Metering.Rates.NONE, Networks.of(List.of()));
    return new Toll(free, Subjects.KNOWN, Burden.none());
  }

  @BeforeEach
  void start() throws Exception {
    QueueDoor door =
        new QueueDoor(
            queues,
            new Trust(true, Set.of(), Set.of()),
            new Doorkeeper(Gate.open(), new SystemExecution(), toll()),
            new SystemExecution());
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract.NonBlocking() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            Answer answer = new Answer(request, response, callback);
            try {
              return door.serve(answer);
            } catch (Problem.Found found) {
              answer.problem(found.problem());
              return true;
            }
          }
        });
    server.start();
    port = connector.getLocalPort();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.stop();
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> json(String path, String body) throws Exception {
    return post(path, body, "content-type", "application/json");
  }

  @Test
  void one_message_is_published() throws Exception {
    HttpResponse<String> answer =
        json(
            "/queues/jobs",
            """
            {"body": {"n": 7}, "key": "k", "type": "made", "orderingKey": "line", "delaySeconds": 1.5}
            """);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"position\":41,\"keys\":[\"k\"]}");
    QueueMessage message = queues.published.getFirst();
    assertThat(new String(message.payload(), UTF_8)).isEqualTo("{\"n\":7}");
    assertThat(message.type()).isEqualTo("made");
    assertThat(message.orderingKey()).isEqualTo("line");
    assertThat(message.contentType()).isEqualTo(ContentType.JSON);
    assertThat(message.notBefore()).isGreaterThan(1_500);
  }

  @Test
  void several_messages_are_published_at_once_each_of_its_own_kind() throws Exception {
    HttpResponse<String> answer =
        json(
            "/queues/jobs",
            """
            {"messages": [
              {"body": [1]},
              {"body": "hello", "contentType": "text"},
              {"body": "AAEC", "contentType": "bytes"}]}
            """);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(queues.published)
        .extracting(QueueMessage::contentType)
        .containsExactly(ContentType.JSON, ContentType.TEXT, ContentType.BYTES);
    assertThat(queues.published.getLast().payload()).containsExactly(0, 1, 2);
    assertThat(queues.published).extracting(QueueMessage::key).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "/queues/jobs, text/plain, TEXT",
    "/queues/jobs, application/octet-stream, BYTES",
    "/queues/jobs?raw, application/json, JSON"
  })
  void a_body_can_be_the_message_itself(String path, String type, ContentType contentType)
      throws Exception {
    HttpResponse<String> answer =
        post(
            path,
            "{\"n\": 7}",
            "content-type",
            type,
            "idempotency-key",
            "k",
            "x-message-type",
            "made",
            "x-ordering-key",
            "line",
            "x-delay-seconds",
            "2");
    assertThat(answer.statusCode()).isEqualTo(200);
    QueueMessage message = queues.published.getFirst();
    assertThat(message.contentType()).isEqualTo(contentType);
    assertThat(new String(message.payload(), UTF_8)).isEqualTo("{\"n\": 7}");
    assertThat(message.key()).isEqualTo("k");
    assertThat(message.orderingKey()).isEqualTo("line");
  }

  @Timeout(10)
  @ParameterizedTest
  @ValueSource(strings = {"1e400000000", "-1e400000000", "1e-400000000", "1e30000000", "NaN", "x"})
  void a_delay_that_is_no_length_of_time_is_400_at_once(String delay) throws Exception {
    HttpResponse<String> answer = post("/queues/jobs?raw", "text", "x-delay-seconds", delay);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("'x-delay-seconds' is a number of seconds");
    assertThat(queues.asked).isEmpty();
  }

  @Test
  void a_form_is_no_message_unless_it_is_said_to_be_one() throws Exception {
    String form = "application/x-www-form-urlencoded";
    HttpResponse<String> no = post("/queues/jobs", "{\"body\": 1}", "content-type", form);
    assertThat(no.statusCode()).isEqualTo(415);
    assertThat(no.body()).contains("unsupported-media-type").contains("application/json");
    assertThat(queues.asked).isEmpty();
    assertThat(post("/queues/jobs?raw", "a=1", "content-type", form).statusCode()).isEqualTo(200);
    assertThat(queues.published.getFirst().contentType()).isEqualTo(ContentType.BYTES);
  }

  @Test
  void messages_are_pulled() throws Exception {
    QueueMessage message =
        QueueMessage.of("k", ContentType.JSON, "{\"n\":7}".getBytes(UTF_8)).inOrderOf("line");
    queues.messages = List.of(new QueueClient.Pulled(LEASE, 2, 99, new LogEntry(7, 55, message)));
    HttpResponse<String> answer =
        json("/queues/jobs/workers/pull", "{\"size\":5,\"leaseSeconds\":60,\"waitSeconds\":20}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            ("{\"messages\":[{\"lease\":\"%s\",\"attempt\":2,\"until\":99,\"position\":7,"
                    + "\"key\":\"k\",\"type\":\"\",\"orderingKey\":\"line\",\"source\":\"\","
                    + "\"sentAt\":55,\"contentType\":\"json\",\"body\":{\"n\":7}}]}")
                .formatted(LEASE));
    post("/queues/jobs/workers/pull", "");
    assertThat(queues.asked)
        .containsExactly("pull jobs/workers 5 PT1M PT20S", "pull jobs/workers 10 null PT0S");
  }

  @Test
  void leases_are_answered() throws Exception {
    String leases = "\"leases\":[\"" + LEASE + "\"]";
    assertThat(json("/queues/jobs/workers/ack", "{" + leases + "}").body())
        .isEqualTo("{\"results\":[{\"lease\":\"" + LEASE + "\",\"became\":\"acked\"}]}");
    assertThat(
            json(
                    "/queues/jobs/workers/retry",
                    "{" + leases + ",\"delaySeconds\":3,\"error\":\"why\"}")
                .body())
        .contains("stale-lease");
    assertThat(json("/queues/jobs/workers/extend", "{" + leases + ",\"leaseSeconds\":9}").body())
        .contains("extended");
    assertThat(queues.asked)
        .containsExactly(
            "ack jobs/workers", "retry jobs/workers PT3S why", "extend jobs/workers PT9S");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/queues/jobs | nonsense",
        "/queues/jobs | [1]",
        "/queues/jobs | {}",
        "/queues/jobs | {\"body\": 1, \"colour\": 2}",
        "/queues/jobs | {\"body\": 1, \"key\": 2}",
        "/queues/jobs | {\"body\": 1, \"contentType\": \"text\"}",
        "/queues/jobs | {\"body\": \"?\", \"contentType\": \"bytes\"}",
        "/queues/jobs | {\"body\": 1, \"contentType\": \"xml\"}",
        "/queues/jobs | {\"body\": 1, \"delaySeconds\": -1}",
        "/queues/jobs | {\"body\": 1, \"delaySeconds\": 1e40}",
        "/queues/jobs | {\"body\": 1, \"delaySeconds\": 1e999999999}",
        "/queues/jobs/workers/pull | {\"waitSeconds\": 1e999}",
        "/queues/jobs | {\"messages\": 1}",
        "/queues/jobs | {\"messages\": [1]}",
        "/queues/jobs?raw | nonsense",
        "/queues/jobs/workers/pull | {\"size\": \"many\"}",
        "/queues/jobs/workers/pull | {\"size\": 1.5}",
        "/queues/jobs/workers/ack | {}",
        "/queues/jobs/workers/ack | {\"leases\": [1]}"
      })
  void what_makes_no_sense_is_400(String path, String body) throws Exception {
    HttpResponse<String> answer = json(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"outcome\":\"NOT_APPLIED\"");
    assertThat(queues.asked).isEmpty();
  }

  @Test
  void what_the_queues_say_is_told_with_its_status() throws Exception {
    queues.failure = new Refusal.NotFound("there is no queue 'jobs' here");
    assertThat(json("/queues/jobs", "{\"body\":1}").statusCode()).isEqualTo(404);
    queues.failure = new Refusal.TooLarge("too large");
    assertThat(json("/queues/jobs", "{\"body\":1}").statusCode()).isEqualTo(413);
    queues.failure = new Refusal.StorageFull("the disk is full");
    assertThat(json("/queues/jobs", "{\"body\":1}").statusCode()).isEqualTo(507);
    queues.failure =
        new RoomReset(RoomReset.Reason.COMMIT_FAILED, Outcome.UNKNOWN, "perhaps", null);
    HttpResponse<String> unknown = json("/queues/jobs", "{\"body\":1}");
    assertThat(unknown.statusCode()).isEqualTo(503);
    assertThat(unknown.body()).contains("\"outcome\":\"UNKNOWN\"");
  }

  @Test
  void other_methods_and_paths_are_refused() throws Exception {
    HttpRequest get =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/queues/jobs")).build();
    assertThat(client.send(get, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    for (String path :
        List.of("/queues/jobs/workers", "/queues/jobs/workers/dance", "/queues/a/b/c/d")) {
      assertThat(json(path, "{}").statusCode()).as(path).isEqualTo(404);
    }
    assertThat(
            post("/queues/jobs", "{\"body\":1}", "origin", "http://elsewhere.example").statusCode())
        .as("a page from elsewhere")
        .isEqualTo(403);
    assertThat(queues.asked).isEmpty();
  }

  @Test
  void a_body_that_is_too_large_is_413() throws Exception {
    assertThat(post("/queues/jobs", "x".repeat(8 * 1024 * 1024 + 1)).statusCode()).isEqualTo(413);
    assertThat(queues.asked).isEmpty();
  }
}
