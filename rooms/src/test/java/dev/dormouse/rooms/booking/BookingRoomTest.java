package dev.dormouse.rooms.booking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Storage;
import dev.dormouse.rooms.booking.FakePayments.Turn;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An order, as its clients see it, with a payment service that has its moods.
class BookingRoomTest {
  private static final Duration LONG = Duration.ofMinutes(20);

  private final RoomTester[] tester = new RoomTester[1];
  private final FakePayments payments = new FakePayments(() -> tester[0].execution());

  /// What a test does, with the till.
  private interface Play {
    void play(RoomTester t, Till till) throws Exception;
  }

  private void run(Play play) {
    tester[0] = Till.tester(payments);
    tester[0].run(t -> {
      Till till = new Till(t);
      till.stocked("cup", 5);
      play.play(t, till);
    });
  }

  /// Everything is as if nobody had ever asked.
  private void nothingStands(Till till) throws Exception {
    assertThat(till.booking().path("status").asText()).isEqualTo("compensated");
    assertThat(till.stock("cup")).isEqualTo("5-0");
    assertThat(payments.book.values()).doesNotContain("charged");
    assertThat(till.packed()).isFalse();
  }

  /// Sagas that ended are gone after a week; what they came to is the order's own.
  @Nested
  class Once_its_saga_is_trimmed {
    private void trimmed(RoomTester t, Till till, String id) throws Exception {
      JsonNode before = till.booking();
      assertThat(Till.now(t, "saga/" + id)).isNotEmpty();
      t.advance(Duration.ofDays(8));
      List<Storage.Entry> left = Till.now(t, "saga/" + id);
      assertThat(left).as("rows of the saga").isEmpty();
      assertThat(till.booking()).isEqualTo(before);
    }

    @Test
    void a_booked_order_is_shown_as_it_was_and_neither_booked_again_nor_cancelled() {
      run((t, till) -> {
        assertThat(till.ask(Till.book("a", "cup", 2)).status()).isEqualTo(201);
        t.advance(Duration.ofSeconds(1));
        assertThat(till.booking().path("status").asText()).isEqualTo("completed");
        trimmed(t, till, "a");

        assertThat(till.ask(Till.book("a", "cup", 2)).status()).isEqualTo(200);
        assertThat(till.refusal(Till.book("a", "cup", 1))).isEqualTo(422);
        assertThat(till.refusal(Till.book("b", "cup", 2))).isEqualTo(409);
        assertThat(till.refusal(Till.cancel("a"))).isEqualTo(409);
        t.advance(Duration.ofSeconds(1));
        assertThat(till.booking().path("receipt").asText()).isEqualTo("R-a");
        assertThat(till.stock("cup")).isEqualTo("3-0");
        assertThat(payments.effects).containsExactly("charged 1900");
        assertThat(Till.last(t.connect("booking", "order-1")).at("/booking/status").asText())
            .isEqualTo("completed");
      });
    }

    @Test
    void an_order_that_was_turned_back_stays_so_and_can_be_tried_again() {
      run((t, till) -> {
        payments.turns.add(new Turn.Refuses());
        assertThat(till.ask(Till.book("a", "cup", 2)).status()).isEqualTo(201);
        t.advance(Duration.ofSeconds(5));
        nothingStands(till);
        trimmed(t, till, "a");

        assertThat(till.ask(Till.cancel("a")).status()).isEqualTo(200);
        assertThat(till.ask(Till.book("a", "cup", 2)).status()).isEqualTo(200);
        t.advance(Duration.ofSeconds(1));
        nothingStands(till);
        assertThat(till.ask(Till.book("b", "cup", 2)).status()).isEqualTo(201);
        t.advance(Duration.ofSeconds(5));
        assertThat(till.booking().path("status").asText()).isEqualTo("completed");
        assertThat(payments.effects).containsOnlyOnce("charged 1900");
      });
    }
  }

  @Nested
  class When_all_goes_well {
    @Test
    void the_goods_are_paid_shipped_and_gone_from_the_stock() {
      run((t, till) -> {
        HttpReply reply = till.ask(Till.book("a", "cup", 2));
        assertThat(reply.status()).isEqualTo(201);

        t.advance(Duration.ofSeconds(1));

        JsonNode booking = till.booking();
        assertThat(booking.path("status").asText()).isEqualTo("completed");
        assertThat(Till.states(booking)).containsExactly("done", "done", "done", "done");
        assertThat(booking.path("receipt").asText()).isEqualTo("R-a");
        assertThat(booking.path("parcel").path("pieces").asLong()).isEqualTo(2);
        assertThat(booking.path("cancellable").asBoolean()).isFalse();
        assertThat(till.stock("cup")).isEqualTo("3-0");
        assertThat(till.packed()).isTrue();
        assertThat(payments.effects).containsExactly("charged 1900");
      });
    }

    @Test
    void everybody_who_is_connected_sees_each_step_and_the_same() {
      run((t, till) -> {
        FakeConnection ada = t.connect("booking", "order-1");
        FakeConnection ben = t.connect("booking", "order-1");
        payments.turns.add(new Turn.Charges(Duration.ofSeconds(3)));

        ada.send(Till.wish("a", "cup", 2));
        t.settle();
        assertThat(Till.states(Till.last(ben).path("booking")))
            .containsExactly("done", "doing", "waiting", "waiting");
        assertThat(Till.last(ben).path("booking").path("cancellable").asBoolean()).isTrue();
        t.advance(Duration.ofSeconds(4));

        assertThat(news(ada)).isEqualTo(news(ben));
        JsonNode last = Till.last(ben).path("booking");
        assertThat(last.path("status").asText()).isEqualTo("completed");
        List<Integer> numbers = numbers(ben);
        assertThat(numbers).hasSizeGreaterThan(4).isEqualTo(range(1, numbers.size()));
      });
    }

    @Test
    void who_comes_later_finds_the_present_state() {
      run((t, till) -> {
        assertThat(Till.last(t.connect("booking", "order-1")).has("booking")).isFalse();
        payments.turns.add(new Turn.Charges(Duration.ofSeconds(3)));
        till.ask(Till.book("a", "cup", 2));
        t.settle();

        JsonNode seen = Till.last(t.connect("booking", "order-1"));

        assertThat(seen.path("type").asText()).isEqualTo("state");
        assertThat(seen.path("booking").path("status").asText()).isEqualTo("running");
        assertThat(seen.path("booking").path("lines").size()).isGreaterThanOrEqualTo(2);
        assertThat(seen.path("booking").path("steps").path(1).path("next").asLong()).isPositive();
      });
    }

    @Test
    void it_goes_on_when_the_process_dies_in_the_middle() {
      run((t, till) -> {
        payments.turns.add(new Turn.Charges(Duration.ofSeconds(3)));
        till.ask(Till.book("a", "cup", 2));
        t.settle();
        t.crash();
        t.advance(LONG);

        assertThat(till.booking().path("status").asText()).isEqualTo("completed");
        assertThat(payments.effects).containsExactly("charged 1900");
        assertThat(till.stock("cup")).isEqualTo("3-0");
      });
    }

    @Test
    void what_it_came_to_outlives_the_saga() {
      run((t, till) -> {
        till.ask(Till.book("a", "cup", 2));
        t.advance(Duration.ofDays(30));

        assertThat(till.booking().path("status").asText()).isEqualTo("completed");
        assertThat(till.ask(Till.book("a", "cup", 2)).status()).isEqualTo(200);
        assertThat(payments.effects).containsExactly("charged 1900");
      });
    }
  }

  @Nested
  class When_a_step_is_refused {
    @Test
    void a_declined_card_gives_the_goods_back() {
      run((t, till) -> {
        payments.turns.add(new Turn.Refuses());
        till.ask(Till.book("a", "cup", 2));
        t.advance(LONG);

        nothingStands(till);
        assertThat(till.booking().path("cause").asText()).contains("the card was declined");
        assertThat(Till.states(till.booking()))
            .containsExactly("undone", "refused", "waiting", "waiting");
        assertThat(payments.calls).containsExactly("charge");
      });
    }

    @Test
    void goods_that_are_not_there_are_not_paid_for() {
      run((t, till) -> {
        till.ask(Till.book("a", "cup", 6));
        t.advance(LONG);

        nothingStands(till);
        assertThat(payments.calls).isEmpty();
      });
    }

    @Test
    void what_fits_into_no_parcel_is_paid_back() {
      run((t, till) -> {
        till.stocked("cup", 100);
        till.ask(Till.book("a", "cup", 60));
        t.advance(LONG);

        assertThat(till.booking().path("status").asText()).isEqualTo("compensated");
        assertThat(payments.effects).containsExactly("charged 1900", "refunded 1900");
        assertThat(till.stock("cup")).isEqualTo("100-0");
        assertThat(till.packed()).isFalse();
      });
    }
  }

  @Nested
  class When_the_payment_is_in_doubt {
    @Test
    void calls_that_fail_are_made_again() {
      run((t, till) -> {
        payments.turns.addAll(List.of(new Turn.Fails(), new Turn.Fails()));
        till.ask(Till.book("a", "cup", 2));
        t.advance(LONG);

        assertThat(till.booking().path("status").asText()).isEqualTo("completed");
        assertThat(till.booking().path("steps").path(1).path("attempts").asInt()).isEqualTo(3);
        assertThat(payments.calls)
            .containsExactly("charge", "charge?", "charge", "charge?", "charge");
      });
    }

    @Test
    void a_lost_answer_is_asked_for_and_nothing_is_charged_twice() {
      run((t, till) -> {
        payments.turns.add(new Turn.Loses());
        till.ask(Till.book("a", "cup", 2));
        t.advance(LONG);

        assertThat(till.booking().path("status").asText()).isEqualTo("completed");
        assertThat(payments.calls).containsExactly("charge", "charge?");
        assertThat(payments.effects).containsExactly("charged 1900");
      });
    }

    @Test
    void an_answer_that_comes_after_its_timeout_still_counts() {
      run((t, till) -> {
        payments.turns.add(new Turn.Charges(Duration.ofSeconds(15)));
        till.ask(Till.book("a", "cup", 2));
        t.advance(LONG);

        assertThat(till.booking().path("status").asText()).isEqualTo("completed");
        assertThat(payments.calls).containsExactly("charge");
      });
    }

    @Test
    void a_payment_nobody_knows_of_is_taken_back_before_anything_else() {
      run((t, till) -> {
        for (int i = 0; i < 4; i++) {
          payments.turns.add(new Turn.Fails());
        }
        List<String> seen = new ArrayList<>();
        FakeConnection ada = t.connect("booking", "order-1");
        till.ask(Till.book("a", "cup", 2));
        t.advance(LONG);

        for (String text : ada.texts()) {
          seen.add(String.join(" ", Till.states(Till.JSON.readTree(text).path("booking"))));
        }
        assertThat(seen)
            .containsSubsequence(
                "done retrying waiting waiting",
                "done undoing waiting waiting",
                "undoing undone waiting waiting",
                "undone undone waiting waiting");
        nothingStands(till);
        assertThat(payments.effects).containsExactly("void 1900");
      });
    }

    @Test
    void a_charge_that_comes_after_all_hope_was_given_up_is_paid_back() {
      run((t, till) -> {
        payments.turns.add(new Turn.Charges(Duration.ofMinutes(3)));
        till.ask(Till.book("a", "cup", 2));
        t.advance(LONG);

        nothingStands(till);
        assertThat(payments.effects).containsExactly("charged 1900", "refunded 1900");
      });
    }
  }

  @Nested
  class When_it_is_cancelled {
    @Test
    void before_the_parcel_is_packed_all_is_taken_back() {
      run((t, till) -> {
        payments.turns.add(new Turn.Charges(Duration.ofSeconds(3)));
        FakeConnection ada = t.connect("booking", "order-1");
        ada.send(Till.wish("a", "cup", 2));
        t.advance(Duration.ofSeconds(1));
        ada.send("{\"type\":\"cancel\",\"id\":\"a\"}");
        t.settle();
        assertThat(Till.last(ada).path("booking").path("status").asText())
            .isEqualTo("compensating");
        t.advance(LONG);

        nothingStands(till);
        assertThat(payments.effects).containsExactly("charged 1900", "refunded 1900");
      });
    }

    @Test
    void twice_nothing_more_happens() {
      run((t, till) -> {
        payments.turns.add(new Turn.Charges(Duration.ofSeconds(3)));
        till.ask(Till.book("a", "cup", 2));
        t.settle();
        assertThat(till.ask(Till.cancel("a")).status()).isEqualTo(200);
        assertThat(till.ask(Till.cancel("a")).status()).isEqualTo(200);
        t.advance(LONG);
        assertThat(till.ask(Till.cancel("a")).status()).isEqualTo(200);
        nothingStands(till);
      });
    }

    @Test
    void once_it_is_booked_it_is_too_late() {
      run((t, till) -> {
        FakeConnection ada = t.connect("booking", "order-1");
        ada.send(Till.wish("a", "cup", 2));
        t.advance(Duration.ofSeconds(1));
        assertThat(till.refusal(Till.cancel("a"))).isEqualTo(409);

        ada.send("{\"type\":\"cancel\",\"id\":\"a\"}");
        t.settle();

        assertThat(Till.last(ada).path("type").asText()).isEqualTo("error");
        assertThat(Till.last(ada).path("status").asInt()).isEqualTo(409);
        assertThat(till.booking().path("status").asText()).isEqualTo("completed");
      });
    }

    @Test
    void what_nobody_asked_for_is_not_found() {
      run((t, till) -> assertThat(till.refusal(Till.cancel("a"))).isEqualTo(404));
    }
  }

  @Nested
  class A_request_that_is_repeated {
    @Test
    void books_once() {
      run((t, till) -> {
        HttpCall call = Till.book("a", "cup", 2);
        assertThat(till.ask(call).status()).isEqualTo(201);
        assertThat(till.ask(call).status()).isEqualTo(200);
        t.advance(LONG);
        assertThat(till.ask(call).status()).isEqualTo(200);
        t.crash();
        assertThat(till.ask(call).status()).isEqualTo(200);
        t.advance(LONG);

        assertThat(payments.effects).containsExactly("charged 1900");
        assertThat(till.stock("cup")).isEqualTo("3-0");
      });
    }

    @Test
    void with_something_else_is_refused() {
      run((t, till) -> {
        till.ask(Till.book("a", "cup", 2));
        assertThat(till.refusal(Till.book("a", "cup", 1))).isEqualTo(422);
      });
    }

    @Test
    void under_another_id_is_refused_until_the_first_was_taken_back() {
      run((t, till) -> {
        payments.turns.addAll(List.of(new Turn.Fails(), new Turn.Refuses()));
        till.ask(Till.book("a", "cup", 2));
        assertThat(till.refusal(Till.book("b", "cup", 2))).isEqualTo(409);
        t.advance(LONG);
        nothingStands(till);

        assertThat(till.ask(Till.book("b", "cup", 2)).status()).isEqualTo(201);
        t.advance(LONG);
        assertThat(till.booking().path("id").asText()).isEqualTo("b");
        assertThat(till.booking().path("status").asText()).isEqualTo("completed");
        assertThat(till.refusal(Till.book("c", "cup", 2))).isEqualTo(409);
        assertThat(payments.effects).containsExactly("charged 1900");
      });
    }

    @Test
    void too_often_is_refused() {
      run((t, till) -> {
        for (int i = 0; i < OrderBook.MAX_TRIES; i++) {
          assertThat(till.ask(Till.book("a" + i, "cup", 6)).status()).isEqualTo(201);
          t.advance(Duration.ofSeconds(1));
        }
        assertThat(till.refusal(Till.book("b", "cup", 1))).isEqualTo(409);
        assertThat(till.ask(Till.book("a0", "cup", 6)).status()).isEqualTo(200);
      });
    }

    @Test
    void may_name_its_id_in_the_header() {
      run((t, till) -> {
        String body = Till.wish("a", "cup", 1).replace("\"id\":\"a\",", "");
        HttpCall call =
            new HttpCall(
                "POST",
                "book",
                java.util.Map.of(),
                java.util.Map.of("idempotency-key", List.of("\"a\"")),
                body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(till.ask(call).status()).isEqualTo(201);
        assertThat(till.booking().path("id").asText()).isEqualTo("a");
      });
    }
  }

  @Nested
  class What_makes_no_sense {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "[]",
          "{\"type\":\"fly\"}",
          "{\"type\":\"cancel\"}",
          "{\"type\":\"book\",\"id\":\"a b\",\"shop\":\"s\",\"items\":[{\"sku\":\"c\",\"quantity\":1}],\"amount\":1,\"to\":\"x\"}",
          "{\"type\":\"book\",\"id\":\"a\",\"shop\":\"\",\"items\":[{\"sku\":\"c\",\"quantity\":1}],\"amount\":1,\"to\":\"x\"}",
          "{\"type\":\"book\",\"id\":\"a\",\"shop\":\"s\",\"items\":[],\"amount\":1,\"to\":\"x\"}",
          "{\"type\":\"book\",\"id\":\"a\",\"shop\":\"s\",\"items\":[null],\"amount\":1,\"to\":\"x\"}",
          "{\"type\":\"book\",\"id\":\"a\",\"shop\":\"s\",\"items\":[{\"sku\":\"c\",\"quantity\":0}],\"amount\":1,\"to\":\"x\"}",
          "{\"type\":\"book\",\"id\":\"a\",\"shop\":\"s\",\"items\":[{\"sku\":\"c\",\"quantity\":1}],\"amount\":0,\"to\":\"x\"}",
          "{\"type\":\"book\",\"id\":\"a\",\"shop\":\"s\",\"items\":[{\"sku\":\"c\",\"quantity\":1}],\"amount\":1.5,\"to\":\"x\"}",
          "{\"type\":\"book\",\"id\":\"a\",\"shop\":\"s\",\"items\":[{\"sku\":\"c\",\"quantity\":1}],\"amount\":1,\"to\":\" \"}"
        })
    void is_answered_and_changes_nothing(String frame) {
      run((t, till) -> {
        FakeConnection ada = t.connect("booking", "order-1");
        ada.send(frame);
        t.settle();

        assertThat(Till.last(ada).path("type").asText()).isEqualTo("error");
        assertThat(Till.last(ada).path("status").asInt()).isEqualTo(400);
        assertThat(t.disk().keys(t.id("booking", "order-1"))).isEmpty();
      });
    }

    @Test
    void is_answered_over_http_too() {
      run((t, till) -> {
        assertThat(till.refusal(HttpCall.of("POST", "book").withBody("{}"))).isEqualTo(400);
        assertThat(till.refusal(HttpCall.of("GET", "fly"))).isEqualTo(404);
        assertThat(till.ask(HttpCall.of("DELETE", "")).status()).isEqualTo(405);
        assertThat(till.ask(HttpCall.of("GET", "book")).status()).isEqualTo(405);
      });
    }
  }

  @Test
  void without_a_payment_service_it_says_so_and_sets_nothing_aside() {
    Till.tester(new BookingSagas().services())
        .run(t -> {
          Till till = new Till(t);
          till.stocked("cup", 5);
          till.ask(Till.book("a", "cup", 2));
          t.advance(LONG);

          assertThat(till.booking().path("status").asText()).isEqualTo("compensated");
          assertThat(till.booking().path("payable").asBoolean(true)).isFalse();
          assertThat(till.booking().path("cause").asText()).contains("--service payment=");
          assertThat(till.stock("cup")).isEqualTo("5-0");
        });
  }

  private static List<String> news(FakeConnection client) {
    return client.texts().stream().filter(text -> text.startsWith("{\"type\":\"news\"")).toList();
  }

  /// The numbers of all lines that a client has seen, each once.
  private static List<Integer> numbers(FakeConnection client) throws Exception {
    List<Integer> numbers = new ArrayList<>();
    for (String text : client.texts()) {
      for (JsonNode line : Till.JSON.readTree(text).path("booking").path("lines")) {
        if (!numbers.contains(line.path("n").asInt())) {
          numbers.add(line.path("n").asInt());
        }
      }
    }
    return numbers;
  }

  private static List<Integer> range(int first, int last) {
    return java.util.stream.IntStream.rangeClosed(first, last).boxed().toList();
  }
}
