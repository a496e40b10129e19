package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.server.RawWebSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Orders that are booked through a real server and paid at a service that fails, hangs up, comes
/// late or never. What counts is its ledger: nothing is taken twice, and nothing is taken for what
/// was not booked.
@DisplayName("Bookings")
class BookingIT {
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);
  private static final int MANY = 50;

  @TempDir static Path folder;

  private static Payments payments;
  private static Shop shop;

  @BeforeAll
  static void start() throws Exception {
    payments = new Payments(0, 1_000, 300, false);
    shop = Shop.open(folder.resolve("data"), payments.url());
  }

  @AfterAll
  static void stop() throws Exception {
    shop.close();
    payments.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1900, completed",
    "1902, compensated",
    "1903, completed",
    "1904, completed",
    "1905, completed",
    "1907, completed",
    "1908, completed"
  })
  void I2_an_order_is_paid_exactly_once_or_not_at_all(long amount, String status) throws Exception {
    String order = "paid-" + amount;
    String sku = "cup-" + amount;
    shop.stocked(sku, 5);

    assertThat(shop.book(order, "a", sku, 2, amount).statusCode()).isEqualTo(201);
    assertThat(shop.book(order, "a", sku, 2, amount).statusCode()).isEqualTo(200);
    JsonNode booking = shop.ended(order);

    assertThat(booking.path("status").asText()).isEqualTo(status);
    stands(order, sku, 5, 2, amount, status.equals("completed"));
  }

  @Test
  void I2_a_payment_that_is_never_answered_is_taken_back_first() throws Exception {
    shop.stocked("cup-never", 5);
    shop.book("never", "a", "cup-never", 2, 1906);
    JsonNode booking = shop.ended("never");

    assertThat(booking.path("status").asText()).isEqualTo("compensated");
    List<String> undone = new ArrayList<>();
    for (JsonNode line : booking.path("lines")) {
      if (line.path("transition").asText().equals("T8")) {
        undone.add(line.path("step").asText());
      }
    }
    assertThat(undone).containsExactly("pay", "reserve");
    stands("never", "cup-never", 5, 2, 1906, false);
    assertThat(payments.ledger().values())
        .filteredOn(entry -> entry.order().equals(shop.hex("never")))
        .extracting(Payments.Entry::state)
        .containsExactly("void");
  }

  @Test
  void I2_what_no_parcel_holds_is_paid_back() throws Exception {
    shop.stocked("cup-heavy", 100);
    shop.book("heavy", "a", "cup-heavy", 60, 1900);

    assertThat(shop.ended("heavy").path("status").asText()).isEqualTo("compensated");
    stands("heavy", "cup-heavy", 100, 60, 1900, false);
    assertThat(payments.ledger().values())
        .filteredOn(entry -> entry.order().equals(shop.hex("heavy")))
        .extracting(Payments.Entry::state)
        .containsExactly("refunded");
  }

  @Test
  void watchers_are_told_of_each_step_as_it_happens() throws Exception {
    shop.stocked("cup-seen", 5);
    int port = URI.create(shop.url()).getPort();
    List<String> seen = new ArrayList<>();
    try (RawWebSocket watcher = RawWebSocket.open(port, "/booking/seen")) {
      assertThat(watcher.readText()).doesNotContain("\"booking\"");
      shop.book("seen", "a", "cup-seen", 1, 1903);
      String status = "";
      while (!status.equals("completed")) {
        JsonNode booking = new ObjectMapper().readTree(watcher.readText()).path("booking");
        status = booking.path("status").asText();
        for (JsonNode step : booking.path("steps")) {
          String how = step.path("name").asText() + " " + step.path("state").asText();
          if (!seen.contains(how)) {
            seen.add(how);
          }
        }
      }
    }
    assertThat(seen)
        .containsSubsequence("reserve done", "pay retrying", "pay done", "ship done", "sell done");
  }

  @Test
  void I1_I2_fifty_at_once_with_every_kind_of_trouble() throws Exception {
    Random random = new Random(SEED);
    shop.stocked("cup-many", 1_000);
    Map<String, long[]> orders = new LinkedHashMap<>();
    for (int i = 0; i < MANY; i++) {
      long quantity = random.nextInt(10) == 0 ? 51 : 1 + random.nextInt(3);
      long amount = 1900L + random.nextInt(9);
      orders.put("many-" + i, new long[] {quantity, amount});
    }

    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<JsonNode>> ends = new ArrayList<>();
      orders.forEach((order, wish) -> ends.add(all.submit(booked(order, wish[0], wish[1]))));
      for (Future<JsonNode> end : ends) {
        end.get();
      }
    }

    long sold = 0;
    int completed = 0;
    for (Map.Entry<String, long[]> order : orders.entrySet()) {
      boolean booked = shop.booking(order.getKey()).path("status").asText().equals("completed");
      long amount = order.getValue()[1];
      assertThat(payments.taken(shop.hex(order.getKey())))
          .as("seed %d: %s, %d", SEED, order.getKey(), amount)
          .isEqualTo(booked ? amount : 0);
      assertThat(shop.shipped(order.getKey())).isEqualTo(booked);
      sold += booked ? order.getValue()[0] : 0;
      completed += booked ? 1 : 0;
    }
    assertThat(shop.stock("cup-many").path("onHand").asLong()).isEqualTo(1_000 - sold);
    assertThat(shop.stock("cup-many").path("reserved").asLong()).isZero();
    // Else it shows nothing.
    assertThat(completed).as("seed %d", SEED).isBetween(10, MANY - 5);
  }

  /// Asks twice, as a client does that is not sure.
  private static Callable<JsonNode> booked(String order, long quantity, long amount) {
    return () -> {
      assertThat(shop.book(order, "a", "cup-many", quantity, amount).statusCode()).isEqualTo(201);
      assertThat(shop.book(order, "a", "cup-many", quantity, amount).statusCode()).isEqualTo(200);
      return shop.ended(order);
    };
  }

  @Test
  void a_server_that_is_stopped_in_the_middle_goes_on_where_it_was() throws Exception {
    Path data = folder.resolve("stopped");
    try (Shop first = Shop.open(data, payments.url())) {
      first.stocked("cup", 5);
      first.book("late", "a", "cup", 2, 1903);
      assertThat(first.booking("late").path("status").asText()).isEqualTo("running");
    }
    try (Shop second = Shop.open(data, payments.url())) {
      assertThat(second.ended("late").path("status").asText()).isEqualTo("completed");
      assertThat(payments.taken(second.hex("late"))).isEqualTo(1903);
      assertThat(second.stock("cup").path("onHand").asLong()).isEqualTo(3);
    }
  }

  /// All that three rooms and the ledger say of an order.
  private static void stands(
      String order, String sku, long stocked, long quantity, long amount, boolean booked)
      throws Exception {
    assertThat(payments.taken(shop.hex(order))).isEqualTo(booked ? amount : 0);
    assertThat(shop.stock(sku).path("onHand").asLong())
        .isEqualTo(booked ? stocked - quantity : stocked);
    assertThat(shop.stock(sku).path("reserved").asLong()).isZero();
    assertThat(shop.shipped(order)).isEqualTo(booked);
  }
}
