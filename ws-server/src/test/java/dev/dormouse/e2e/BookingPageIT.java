package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// People in real browsers on the page of bookings, by `e2e/booking.mjs`. Screenshots go to
/// `target/booking-page`.
@DisplayName("The page of bookings")
class BookingPageIT {
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);
  private static final Path SHOTS = Path.of("target", "booking-page").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void shows_everybody_the_same_while_orders_are_booked_and_taken_back() throws Exception {
    try (Payments payments = new Payments(0, 10_000, 3_000, false);
        Shop shop = Shop.patient(folder.resolve("data"), payments.url())) {
      BrowserPlay.run("booking.mjs", shop.url(), SEED, folder.resolve("said.txt"), SHOTS);
      assertThat(payments.ledger().values())
          .filteredOn(entry -> entry.taken() > 0)
          .hasSize(2)
          .allMatch(entry ->
              entry.order().equals(shop.hex("sunday")) || entry.order().equals(shop.hex("monday")));
    }
  }

  @Test
  void says_how_to_start_a_payment_service_where_there_is_none() throws Exception {
    try (Shop shop = Shop.unpaid(folder.resolve("data"))) {
      BrowserPlay.run("booking-unpaid.mjs", shop.url(), SEED, folder.resolve("said.txt"), SHOTS);
    }
  }
}
