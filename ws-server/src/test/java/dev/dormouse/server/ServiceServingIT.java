package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.server.services.Outside;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that is told with `--service` whom the steps of sagas call: orders are paid by a
/// service over HTTP.
@Timeout(90)
class ServiceServingIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Outside payments;

  @BeforeEach
  void open() throws Exception {
    payments = new Outside();
  }

  @AfterEach
  void close() {
    payments.close();
  }

  private String setting() {
    return "payment=" + payments.url("/pay");
  }

  private static JsonNode ask(int port, String method, String path, String body) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI address = URI.create("http://127.0.0.1:" + port + "/rooms" + path);
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
      return JSON.readTree(answer.body());
    }
  }

  private static void book(int port, String order) throws Exception {
    ask(port, "PUT", "/inventory/berlin/-/stock/cup", "{\"onHand\":5}");
    ask(
        port,
        "POST",
        "/booking/" + order + "/-/book",
        """
        {"id":"a","shop":"berlin","items":[{"sku":"cup","quantity":1}],"amount":1900,\
        "to":"Hedge 1, Underwood"}\
        """);
  }

  private static JsonNode becomes(int port, String order, String status) throws Exception {
    JsonNode booking = JSON.nullNode();
    for (int i = 0; i < 3_000 && !booking.path("status").asText().equals(status); i++) {
      Thread.sleep(10);
      booking = ask(port, "GET", "/booking/" + order, "").path("booking");
    }
    assertThat(booking.path("status").asText()).as(booking.toString()).isEqualTo(status);
    return booking;
  }

  @Test
  void a_process_has_orders_paid_by_the_service_that_it_is_told() throws Exception {
    payments.body = "{\"receipt\":\"R-7\"}";
    try (ServerProcess server =
        ServerProcess.start(
            folder,
            "export DORMOUSE_SERVICE_PAYMENT_AUTHORIZATION='Bearer t0ken'",
            List.of(),
            "serve",
            "--port",
            "0",
            "--data",
            folder.resolve("data").toString(),
            "--service",
            setting())) {
      int port = server.port();
      book(port, "order-1");
      assertThat(becomes(port, "order-1", "completed").path("receipt").asText()).isEqualTo("R-7");
      assertThat(payments.asked)
          .singleElement()
          .satisfies(asked -> {
            assertThat(asked.line()).isEqualTo("POST /pay/charge");
            assertThat(asked.key()).endsWith(".a");
            assertThat(asked.authorization()).isEqualTo("Bearer t0ken");
            assertThat(JSON.readTree(asked.body()).path("amount").asLong()).isEqualTo(1_900);
          });

      payments.status = 402;
      payments.body = "{\"reason\":\"the card was declined\"}";
      book(port, "order-2");
      assertThat(becomes(port, "order-2", "compensated").path("cause").asText())
          .contains("the card was declined");

      server.signal("TERM");
      assertThat(server.exit()).as(server.errors()).isZero();
    }
  }

  @Test
  void H5_the_connections_to_services_end_with_the_server() throws Exception {
    long before = clients();
    RoomServer server =
        RoomServer.builder()
            .offer(OfferLoader.load(List.of()))
            .data(folder)
            .port(0)
            .set(Setting.SERVICE, setting())
            .set(Setting.CLOSING, "0")
            .start();
    try {
      payments.body = "{\"receipt\":\"R-1\"}";
      book(server.port(), "order-1");
      becomes(server.port(), "order-1", "completed");
      assertThat(clients()).isGreaterThan(before);
    } finally {
      server.close();
    }
    for (int i = 0; i < 500 && clients() > before; i++) {
      Thread.sleep(10);
    }
    assertThat(clients()).as("threads of HTTP clients").isEqualTo(before);
    assertThat(server.url()).as("it is still held").isNotEmpty();
  }

  /// How many HTTP clients are open: each has a thread that selects.
  private static long clients() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
        .count();
  }
}
