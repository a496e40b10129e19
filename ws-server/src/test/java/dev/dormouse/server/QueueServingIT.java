package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.saga.Queue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Queues in a real server, over HTTP and restarts, as an operator sees them.
@Timeout(90)
class QueueServingIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private RoomServer start(Queue... queues) {
    RoomServerBuilder builder =
        RoomServer.builder()
            .namespace(TalkRoom.namespace())
            .data(folder)
            .port(0)
            .set(Setting.ADMIN, "0");
    for (Queue queue : queues) {
      builder.queue(queue);
    }
    return builder.start();
  }

  private static Queue orders() {
    return Queue.named("orders").group("billing").http().build();
  }

  private static JsonNode post(RoomServer server, String path, String body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(server.url() + path))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode json = JSON.readTree(answer.body());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return json;
    }
  }

  private static JsonNode group(RoomServer server) throws Exception {
    return new AdminClient(server).get("/queues/orders/billing").json();
  }

  @Test
  void a_message_outlives_the_process_and_is_handed_out_until_it_is_acknowledged()
      throws Exception {
    try (RoomServer server = start(orders())) {
      post(server, "/queues/orders?raw", "{\"order\":1}");
    }
    try (RoomServer server = start(orders())) {
      JsonNode pulled =
          post(server, "/queues/orders/billing/pull", "{\"size\":5,\"waitSeconds\":20}");
      assertThat(pulled.path("messages")).hasSize(1);
      String lease = pulled.path("messages").path(0).path("lease").asText();
      assertThat(group(server).toString()).contains("\"leased\":1");

      post(server, "/queues/orders/billing/ack", "{\"leases\":[\"" + lease + "\"]}");
      assertThat(group(server).toString()).contains("\"leased\":0");
    }
    try (RoomServer server = start(orders())) {
      JsonNode nothing = post(server, "/queues/orders/billing/pull", "{\"size\":5}");
      assertThat(nothing.path("messages")).isEmpty();
    }
  }

  @Test
  void the_groups_namespace_is_listed_once_queues_are_declared_and_its_rooms_too()
      throws Exception {
    try (RoomServer server = start()) {
      assertThat(new AdminClient(server).get("/namespaces").json().findValuesAsText("name"))
          .doesNotContain("_queue");
    }
    try (RoomServer server = start(orders())) {
      AdminClient admin = new AdminClient(server);
      post(server, "/queues/orders?raw", "{\"order\":1}");
      assertThat(admin.get("/namespaces").json().findValuesAsText("name"))
          .containsExactly("_queue", "talk");
      assertThat(group(server).path("backlog").asInt()).isEqualTo(1);
      assertThat(admin.get("/rooms?namespace=_queue").json().findValuesAsText("name"))
          .containsExactly("orders/billing");
      assertThat(admin.get("/overview").json().path("namespaces").findValuesAsText("name"))
          .contains("_queue");
    }
  }

  @Test
  void declarations_that_do_not_fit_stop_the_start_with_a_sentence() {
    assertThatThrownBy(() -> start(Queue.named("orders").build()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("has no group");
    try (RoomServer server = start()) {
      assertThat(folder.resolve("queues")).doesNotExist();
      assertThat(server.port()).isPositive();
    }
  }
}
