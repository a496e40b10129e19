package dev.dormouse.rooms.inventory;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.Refusal;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What clients send over HTTP, checked before anything is done with it.
final class Wire {
  static final String SKU_RULE = "a SKU has 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'";

  static final Duration USUAL_HOLD = Duration.ofMinutes(15);
  private static final Pattern SKU = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");
  private static final long MAX_ON_HAND = 1_000_000_000_000L;
  private static final long MAX_QUANTITY = 1_000_000_000L;
  private static final long MAX_HOLD_SECONDS = 86_400;

  private Wire() {}

  /// A page of what there is.
  ///
  /// @param next where to go on, as `?after=`; absent on the last page
  record Page(long version, List<Stock> stock, @Nullable String next) {}

  /// What [#reserve] found.
  record Wish(String sku, long quantity, Optional<String> key, Duration hold) {}

  private record ReserveBody(
      @Nullable String sku,
      @Nullable Long quantity,
      @Nullable String key,
      @Nullable Long ttlSeconds) {}

  private record StockBody(@Nullable Long onHand) {}

  static boolean isSku(String text) {
    return SKU.matcher(text).matches();
  }

  /// @throws Refusal.Refused with 400 if it is none
  static String sku(String text) {
    if (!isSku(text)) {
      throw bad(SKU_RULE);
    }
    return text;
  }

  /// @throws Refusal.Refused with 400 if it is no number of things one can reserve
  static long quantity(@Nullable Long quantity) {
    return within("quantity", quantity, 1, MAX_QUANTITY);
  }

  /// @throws Refusal.Refused with 400 if it is none
  static String key(String text) {
    if (!KEY.matcher(text).matches()) {
      throw bad("a key has 1 to 128 printable characters without spaces");
    }
    return text;
  }

  /// The wish to reserve: `{"sku", "quantity", "key"?, "ttlSeconds"?}`, the key also as the header
  /// `Idempotency-Key`, in quotes or not.
  static Wish reserve(HttpCall call) {
    ReserveBody body = read(call, ReserveBody.class);
    Optional<String> header =
        call.header("idempotency-key").map(String::strip).map(Wire::unquoted).map(Wire::key);
    Optional<String> key = Optional.ofNullable(body.key()).map(Wire::key);
    if (key.isPresent() && header.isPresent() && !key.equals(header)) {
      throw bad("the header Idempotency-Key and the field 'key' differ");
    }
    Duration hold =
        body.ttlSeconds() == null
            ? USUAL_HOLD
            : Duration.ofSeconds(within("ttlSeconds", body.ttlSeconds(), 1, MAX_HOLD_SECONDS));
    return new Wish(
        sku(body.sku() == null ? "" : body.sku()),
        quantity(body.quantity()),
        key.isPresent() ? key : header,
        hold);
  }

  private static String unquoted(String text) {
    return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  /// `{"onHand"}`.
  static long onHand(HttpCall call) {
    return within("onHand", read(call, StockBody.class).onHand(), 0, MAX_ON_HAND);
  }

  /// `?limit=`, 1 to 1,000.
  static int limit(HttpCall call) {
    String text = call.parameter("limit").orElse("1000");
    if (!text.matches("[0-9]{1,4}")) {
      throw bad("'limit' is a number from 1 to 1000");
    }
    return (int) within("limit", Long.parseLong(text), 1, 1_000);
  }

  private static long within(String name, @Nullable Long value, long min, long max) {
    if (value == null || value < min || value > max) {
      throw bad("'%s' is a number from %d to %d".formatted(name, min, max));
    }
    return value;
  }

  private static <T> T read(HttpCall call, Class<T> type) {
    try {
      return Json.readOrder(call.body(), type);
    } catch (BadJsonException e) {
      throw bad("the body is not the JSON that belongs here: " + e.getMessage());
    }
  }

  private static Refusal.Refused bad(String why) {
    return new Refusal.Refused(400, why);
  }
}
