package dev.dormouse.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.rooms.ReadyRooms;
import dev.dormouse.rooms.booking.BookingSagas;
import dev.dormouse.server.RoomServer;
import dev.dormouse.server.RoomServerBuilder;
import dev.dormouse.server.services.HttpService;
import dev.dormouse.server.services.HttpService.Limits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server with bookings and a payment service behind it, and a client that books and looks.
final class Shop implements AutoCloseable {
  /// How long a booking may take, with all attempts of a payment that is never answered.
  private static final long PATIENCE_SECONDS = 90;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final @Nullable HttpService service;
  private final RoomServer server;

  private Shop(@Nullable HttpService service, RoomServer server) {
    this.service = service;
    this.server = server;
  }

  /// One that gives a call 700 ms.
  static Shop open(Path data, String payments) {
    return open(
        data, payments, new Limits(Duration.ofSeconds(1), Duration.ofMillis(700), 64 * 1024));
  }

  /// One that gives a call as long as servers do.
  static Shop patient(Path data, String payments) {
    return open(data, payments, Limits.defaults());
  }

  private static Shop open(Path data, String payments, Limits limits) {
    HttpService service = new HttpService("payment", URI.create(payments), limits, Map.of());
    return new Shop(service, server(data).service("payment", service).start());
  }

  /// One that has nobody to pay at, as a server without settings.
  static Shop unpaid(Path data) {
    RoomServerBuilder server = server(data);
    new BookingSagas().services().forEach(server::service);
    return new Shop(null, server.start());
  }

  private static RoomServerBuilder server(Path data) {
    return RoomServer.builder()
        .namespaces(new ReadyRooms().namespaces())
        .sagas(new BookingSagas().sagas())
        .data(data)
        .port(0);
  }

  String url() {
    return server.url();
  }

  /// As the payment service knows an order.
  String hex(String order) {
    return server.rooms().idFromName("booking", order).hex();
  }

  HttpResponse<String> ask(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/rooms/" + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  void stocked(String sku, long onHand) throws Exception {
    ask("PUT", "inventory/berlin/-/stock/" + sku, "{\"onHand\":%d}".formatted(onHand));
  }

  JsonNode stock(String sku) throws Exception {
    return JSON.readTree(ask("GET", "inventory/berlin/-/stock/" + sku, "").body());
  }

  HttpResponse<String> book(String order, String id, String sku, long quantity, long amount)
      throws IOException, InterruptedException {
    String wish =
        """
        {"id":"%s","shop":"berlin","items":[{"sku":"%s","quantity":%d}],\
        "amount":%d,"to":"Hedge 1"}\
        """
            .formatted(id, sku, quantity, amount);
    return ask("POST", "booking/" + order + "/-/book", wish);
  }

  JsonNode booking(String order) throws Exception {
    return JSON.readTree(ask("GET", "booking/" + order, "").body()).path("booking");
  }

  /// Waits until an order is booked or taken back.
  JsonNode ended(String order) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < until) {
      JsonNode booking = booking(order);
      if (booking.path("status").asText().equals("completed")
          || booking.path("status").asText().equals("compensated")) {
        return booking;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("not over after a long time: " + booking(order).toPrettyString());
  }

  boolean shipped(String order) throws Exception {
    HttpResponse<String> answer = ask("GET", "shipment/" + order, "");
    return answer.statusCode() == 200
        && JSON.readTree(answer.body()).path("state").asText().equals("packed");
  }

  @Override
  public void close() {
    server.close();
    if (service != null) {
      service.close();
    }
    client.close();
  }
}
