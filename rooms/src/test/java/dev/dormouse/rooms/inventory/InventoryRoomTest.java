package dev.dormouse.rooms.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An inventory, as clients and other rooms see it.
class InventoryRoomTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private RoomTester tester;

  /// How the rows are kept.
  Kept kept() {
    return Kept.asKeys(folder);
  }

  private String space() {
    return kept().space();
  }

  @BeforeEach
  void stage() {
    tester = kept().stage(RoomTester.of(kept().namespace()));
  }

  private HttpCall call(String method, String path, String body, String... headers) {
    Map<String, List<String>> all = new HashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], List.of(headers[i + 1]));
    }
    return new HttpCall(method, path, Map.of(), all, body.getBytes(StandardCharsets.UTF_8));
  }

  private HttpReply ask(RoomTester t, HttpCall call) {
    return t.request(space(), "berlin", call);
  }

  private String etag(HttpReply reply) {
    return Objects.requireNonNull(reply.headers().get("etag"), "etag");
  }

  private JsonNode json(HttpReply reply) throws Exception {
    return JSON.readTree(reply.text());
  }

  private int refusal(RoomTester t, HttpCall call) {
    return switch (t.requested(space(), "berlin", call)) {
      case Answer.Declined(RoomException error) when error instanceof Refusal refusal ->
          refusal.status();
      case Answer other -> throw new AssertionError("not refused: " + other);
    };
  }

  private void stock(RoomTester t, String sku, long onHand) {
    ask(t, call("PUT", "stock/" + sku, "{\"onHand\":" + onHand + "}"));
  }

  private HttpCall reserve(String sku, long quantity, String... headers) {
    return call(
        "POST",
        "reservations",
        "{\"sku\":\"%s\",\"quantity\":%d}".formatted(sku, quantity),
        headers);
  }

  private String available(RoomTester t, String sku) throws Exception {
    JsonNode stock = json(ask(t, call("GET", "stock/" + sku, "")));
    return stock.get("onHand") + "-" + stock.get("reserved") + "=" + stock.get("available");
  }

  @Nested
  class Reserving {
    @Test
    void takes_from_what_is_available_until_there_is_no_more() {
      tester.run(t -> {
        stock(t, "cup", 5);
        HttpReply first = ask(t, reserve("cup", 3));
        assertThat(first.status()).isEqualTo(201);
        assertThat(json(first).get("state").asText()).isEqualTo("held");
        assertThat(available(t, "cup")).isEqualTo("5-3=2");

        assertThat(refusal(t, reserve("cup", 3))).isEqualTo(409);
        assertThat(ask(t, reserve("cup", 2)).status()).isEqualTo(201);
        assertThat(available(t, "cup")).isEqualTo("5-5=0");
        assertThat(refusal(t, reserve("cup", 1))).isEqualTo(409);
      });
    }

    @Test
    void what_is_not_there_is_not_found() {
      tester.run(t -> assertThat(refusal(t, reserve("nothing", 1))).isEqualTo(404));
    }

    @Test
    void twice_with_one_key_reserves_once_also_across_a_crash() {
      tester.run(t -> {
        stock(t, "cup", 5);
        HttpReply first = ask(t, reserve("cup", 3, "idempotency-key", "\"order-7\""));
        t.crash();
        HttpReply again = ask(t, reserve("cup", 3, "idempotency-key", "order-7"));
        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(json(again)).isEqualTo(json(first));
        assertThat(available(t, "cup")).isEqualTo("5-3=2");
        assertThat(refusal(t, reserve("cup", 1, "idempotency-key", "order-7"))).isEqualTo(422);
      });
    }

    @Test
    void a_key_may_come_in_the_body() {
      tester.run(t -> {
        stock(t, "cup", 5);
        String body = "{\"sku\":\"cup\",\"quantity\":1,\"key\":\"k1\"}";
        assertThat(ask(t, call("POST", "reservations", body)).status()).isEqualTo(201);
        assertThat(ask(t, call("POST", "reservations", body)).status()).isEqualTo(200);
        assertThat(refusal(t, call("POST", "reservations", body, "idempotency-key", "k2")))
            .isEqualTo(400);
      });
    }

    @Test
    void a_refused_key_may_be_tried_again() {
      tester.run(t -> {
        stock(t, "cup", 1);
        assertThat(refusal(t, reserve("cup", 2, "idempotency-key", "k"))).isEqualTo(409);
        stock(t, "cup", 2);
        assertThat(ask(t, reserve("cup", 2, "idempotency-key", "k")).status()).isEqualTo(201);
      });
    }
  }

  @Nested
  class A_reservation {
    private String held(RoomTester t, long quantity) throws Exception {
      return json(ask(t, reserve("cup", quantity))).get("id").asText();
    }

    private HttpCall to(String id, String what) {
      return call("POST", "reservations/" + id + "/" + what, "");
    }

    @Test
    void that_is_confirmed_leaves_the_stock_once() {
      tester.run(t -> {
        stock(t, "cup", 5);
        String id = held(t, 3);
        for (int i = 0; i < 2; i++) {
          assertThat(json(ask(t, to(id, "confirm"))).get("state").asText()).isEqualTo("confirmed");
          assertThat(available(t, "cup")).isEqualTo("2-0=2");
          t.crash();
        }
        assertThat(refusal(t, to(id, "release"))).isEqualTo(409);
      });
    }

    @Test
    void that_is_released_is_available_again_once() {
      tester.run(t -> {
        stock(t, "cup", 5);
        String id = held(t, 3);
        for (int i = 0; i < 2; i++) {
          assertThat(json(ask(t, to(id, "release"))).get("state").asText()).isEqualTo("released");
          assertThat(available(t, "cup")).isEqualTo("5-0=5");
        }
        assertThat(refusal(t, to(id, "confirm"))).isEqualTo(409);
      });
    }

    @Test
    void A1_expires_by_itself_also_if_the_process_was_down_meanwhile() {
      tester.run(t -> {
        stock(t, "cup", 5);
        String id = held(t, 3);
        t.advance(Duration.ofMinutes(14));
        assertThat(available(t, "cup")).isEqualTo("5-3=2");
        t.crash();
        t.advance(Duration.ofMinutes(2));
        assertThat(available(t, "cup")).isEqualTo("5-0=5");
        JsonNode ended = json(ask(t, call("GET", "reservations/" + id, "")));
        assertThat(ended.get("state").asText()).isEqualTo("expired");
        assertThat(refusal(t, to(id, "confirm"))).isEqualTo(409);
        assertThat(ask(t, to(id, "release")).status()).isEqualTo(200);
      });
    }

    @Test
    void expires_when_its_client_said() {
      tester.run(t -> {
        stock(t, "cup", 5);
        ask(t, call("POST", "reservations", "{\"sku\":\"cup\",\"quantity\":1,\"ttlSeconds\":60}"));
        held(t, 1);
        t.advance(Duration.ofSeconds(61));
        assertThat(available(t, "cup")).isEqualTo("5-1=4");
        t.advance(Duration.ofMinutes(15));
        assertThat(available(t, "cup")).isEqualTo("5-0=5");
      });
    }

    @Test
    void is_forgotten_a_day_after_its_end_with_its_key() {
      tester.run(t -> {
        stock(t, "cup", 5);
        String id = json(ask(t, reserve("cup", 3, "idempotency-key", "k"))).get("id").asText();
        ask(t, to(id, "confirm"));
        t.advance(Duration.ofHours(23));
        assertThat(ask(t, call("GET", "reservations/" + id, "")).status()).isEqualTo(200);
        t.advance(Duration.ofHours(2));
        assertThat(refusal(t, call("GET", "reservations/" + id, ""))).isEqualTo(404);
        assertThat(ask(t, reserve("cup", 1, "idempotency-key", "k")).status()).isEqualTo(201);
      });
    }

    @Test
    void among_a_thousand_that_are_due_at_once_expires() {
      tester.run(t -> {
        stock(t, "cup", 5_000);
        for (int i = 0; i < 1_200; i++) {
          ask(t, reserve("cup", 1));
        }
        t.advance(Duration.ofMinutes(20));
        assertThat(available(t, "cup")).isEqualTo("5000-0=5000");
      });
    }
  }

  @Nested
  class Stock_put_by_hand {
    @Test
    void S3_goes_through_only_at_the_version_that_was_seen() {
      tester.run(t -> {
        stock(t, "cup", 5);
        String seen = etag(ask(t, call("GET", "stock/cup", "")));
        ask(t, reserve("cup", 1));
        assertThat(refusal(t, call("PUT", "stock/cup", "{\"onHand\":9}", "if-match", seen)))
            .isEqualTo(412);
        String now = etag(ask(t, call("GET", "", "")));
        HttpReply put = ask(t, call("PUT", "stock/cup", "{\"onHand\":9}", "if-match", now));
        assertThat(put.status()).isEqualTo(200);
        assertThat(etag(put)).isEqualTo(etag(ask(t, call("GET", "", ""))));
        assertThat(available(t, "cup")).isEqualTo("9-1=8");
      });
    }

    @Test
    void cannot_go_below_what_is_reserved() {
      tester.run(t -> {
        stock(t, "cup", 5);
        ask(t, reserve("cup", 4));
        assertThat(refusal(t, call("PUT", "stock/cup", "{\"onHand\":3}"))).isEqualTo(409);
        stock(t, "cup", 4);
        assertThat(available(t, "cup")).isEqualTo("4-4=0");
      });
    }

    @Test
    void is_listed_in_order_and_in_pages() {
      tester.run(t -> {
        for (String sku : List.of("b", "a", "a.1", "c")) {
          stock(t, sku, 1);
        }
        HttpCall first =
            new HttpCall("GET", "", Map.of("limit", List.of("3")), Map.of(), new byte[0]);
        JsonNode page = json(ask(t, first));
        assertThat(page.get("stock").findValuesAsText("sku")).containsExactly("a", "a.1", "b");
        assertThat(page.get("next").asText()).isEqualTo("b");
        HttpCall second =
            new HttpCall("GET", "", Map.of("after", List.of("b")), Map.of(), new byte[0]);
        JsonNode rest = json(ask(t, second));
        assertThat(rest.get("stock").findValuesAsText("sku")).containsExactly("c");
        assertThat(rest.get("next").isNull()).isTrue();
      });
    }
  }

  @Nested
  class A_subscriber {
    @Test
    void O1_hears_what_there_is_and_each_change_once_it_is_durable() {
      tester.run(t -> {
        stock(t, "cup", 5);
        FakeConnection all = t.connect(space(), "berlin");
        FakeConnection cups = t.connect(space(), "berlin", Map.of("sku", "cup"));
        FakeConnection plates = t.connect(space(), "berlin", Map.of("sku", "plate"));
        assertThat(all.texts())
            .containsExactly(
                "{\"type\":\"stock\",\"version\":1,\"stock\":[{\"sku\":\"cup\",\"onHand\":5,\"reserved\":0,\"available\":5}],\"more\":false}");
        assertThat(plates.texts())
            .containsExactly("{\"type\":\"stock\",\"version\":1,\"stock\":[],\"more\":false}");

        t.store().hold();
        t.requesting(space(), "berlin", reserve("cup", 2));
        t.settle();
        assertThat(all.texts()).hasSize(1);
        t.store().letAll();
        t.settle();
        String change =
            "{\"type\":\"change\",\"version\":2,\"stock\":{\"sku\":\"cup\",\"onHand\":5,\"reserved\":2,\"available\":3}}";
        assertThat(all.texts()).last().isEqualTo(change);
        assertThat(cups.texts()).last().isEqualTo(change);
        assertThat(plates.texts()).hasSize(1);
      });
    }

    @Test
    void of_more_than_a_frame_holds_gets_several() throws Exception {
      tester.run(t -> {
        for (int i = 0; i < 501; i++) {
          stock(t, "s" + i, i);
        }
        FakeConnection all = t.connect(space(), "berlin");
        assertThat(all.texts()).hasSize(2);
        assertThat(JSON.readTree(all.texts().getFirst()).get("more").asBoolean()).isTrue();
        JsonNode last = JSON.readTree(all.texts().getLast());
        assertThat(last.get("more").asBoolean()).isFalse();
        assertThat(last.get("stock")).hasSize(1);
      });
    }

    @Test
    void who_talks_is_told_that_nobody_listens() {
      tester.run(t -> {
        FakeConnection all = t.connect(space(), "berlin");
        all.send("{}");
        t.settle();
        assertThat(JSON.readTree(all.texts().getLast()).get("type").asText()).isEqualTo("error");
        all.send(new byte[] {1});
        t.settle();
        assertThat(all.closed().map(CloseStatus::code)).contains(1003);
      });
    }

    @Test
    void of_an_impossible_sku_is_refused() {
      tester.run(t ->
          assertThat(t.knock(space(), "berlin", RoomTester.upgrade(Map.of("sku", "a b"))))
              .isInstanceOfSatisfying(
                  Answer.Admitted.class,
                  answer ->
                      assertThat(answer.admission())
                          .isInstanceOfSatisfying(
                              Admission.Refused.class,
                              refused -> assertThat(refused.status()).isEqualTo(400))));
    }
  }

  @Nested
  class Another_room {
    @Test
    void reserves_confirms_and_releases_by_calls() {
      tester.run(t -> {
        stock(t, "cup", 5);
        Inventory berlin = t.rooms().stub(Inventory.class, space(), "berlin");
        Reservation first = berlin.reserve("cup", 2, "order-1");
        assertThat(berlin.reserve("cup", 2, "order-1")).isEqualTo(first);
        Reservation second = berlin.reserve("cup", 1, "order-2");
        assertThat(berlin.confirm(first.id()).state()).isEqualTo(Reservation.State.CONFIRMED);
        assertThat(berlin.release(second.id()).state()).isEqualTo(Reservation.State.RELEASED);
        assertThat(berlin.stock("cup")).isEqualTo(new Stock("cup", 3, 0));
        assertThatExceptionOfType(Refusal.Refused.class)
            .isThrownBy(() -> berlin.reserve("cup", 4, "order-3"))
            .withMessageContaining("out of stock");
        assertThatExceptionOfType(Refusal.NotFound.class).isThrownBy(() -> berlin.confirm("r99"));
      });
    }
  }

  @Nested
  class Bad_input {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "{",
          "[]",
          "null",
          "7",
          "\"cup\"",
          "{}",
          "{\"sku\":\"cup\"}",
          "{\"sku\":\"cup\",\"quantity\":0}",
          "{\"sku\":\"cup\",\"quantity\":-1}",
          "{\"sku\":\"cup\",\"quantity\":1.5}",
          "{\"sku\":\"cup\",\"quantity\":\"1\"}",
          "{\"sku\":\"cup\",\"quantity\":99999999999999999999}",
          "{\"sku\":7,\"quantity\":1}",
          "{\"sku\":\"c p\",\"quantity\":1}",
          "{\"sku\":\"cup\",\"quantity\":1,\"key\":\"\"}",
          "{\"sku\":\"cup\",\"quantity\":1,\"ttlSeconds\":0}",
          "{\"sku\":\"cup\",\"sku\":\"mug\",\"quantity\":1}",
          "{\"sku\":\"cup\",\"quantity\":1} {}",
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
        })
    void in_a_body_is_refused_and_changes_nothing(String body) {
      tester.run(t -> {
        stock(t, "cup", 5);
        String before = etag(ask(t, call("GET", "", "")));
        assertThat(refusal(t, call("POST", "reservations", body))).isEqualTo(400);
        assertThat(available(t, "cup")).isEqualTo("5-0=5");
        assertThat(etag(ask(t, call("GET", "", "")))).isEqualTo(before);
      });
    }

    @Test
    void in_an_address_is_refused() {
      tester.run(t -> {
        assertThat(refusal(t, call("GET", "nothing", ""))).isEqualTo(404);
        assertThat(refusal(t, call("GET", "stock", ""))).isEqualTo(404);
        assertThat(refusal(t, call("GET", "stock/none", ""))).isEqualTo(404);
        assertThat(refusal(t, call("GET", "stock/a b", ""))).isEqualTo(400);
        assertThat(refusal(t, call("GET", "stock/a/b", ""))).isEqualTo(404);
        assertThat(refusal(t, call("GET", "reservations/r1", ""))).isEqualTo(404);
        assertThat(refusal(t, call("GET", "reservations/" + "x".repeat(5_000), ""))).isEqualTo(404);
        assertThat(refusal(t, call("POST", "reservations/\ud800/confirm", ""))).isEqualTo(404);
        assertThat(refusal(t, call("PUT", "stock/cup", "{\"onHand\":-1}"))).isEqualTo(400);
        assertThat(refusal(t, call("PUT", "stock/cup", "{\"onHand\":1}", "if-match", "x")))
            .isEqualTo(400);
        assertThat(ask(t, call("DELETE", "stock/cup", "")).status()).isEqualTo(405);
        assertThat(ask(t, call("GET", "reservations", "")).headers())
            .containsEntry("allow", "POST");
      });
    }

    @Test
    void that_is_not_utf8_is_refused() {
      tester.run(t -> {
        HttpCall call =
            new HttpCall(
                "POST",
                "reservations",
                Map.of(),
                Map.of(),
                new byte[] {'{', '"', (byte) 0xff, '"'});
        assertThat(refusal(t, call)).isEqualTo(400);
      });
    }
  }

  @Test
  void a_full_disk_is_said_and_nothing_changes() {
    tester.run(t -> {
      stock(t, "cup", 5);
      t.store().trouble("no space left");
      assertThat(refusal(t, reserve("cup", 1))).isEqualTo(507);
      t.store().trouble(null);
      assertThat(available(t, "cup")).isEqualTo("5-0=5");
    });
  }
}
