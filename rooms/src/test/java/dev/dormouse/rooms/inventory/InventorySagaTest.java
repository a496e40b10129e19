package dev.dormouse.rooms.inventory;

import static dev.dormouse.saga.Command.toRoom;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.inventory.Goods.Line;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.facility.SagaFacility;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An inventory in sagas: two shelves of it are asked, then goods are sold, or not.
class InventorySagaTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// What a desk books: from the first inventory, then from the second.
  ///
  /// @param sells whether the goods are sold in the end
  record Wish(String second, Goods first, Goods then, boolean sells) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /// Starts sagas that are called as it is told.
  record Desk(RoomContext context) implements Room {
    @Override
    public HttpReply onRequest(HttpCall call) {
      Sagas sagas = context.facility(Sagas.class);
      if (call.method().equals("POST")) {
        String[] wish = call.text().split(" ", -1);
        Wish input = new Wish(wish[1], goods(wish[2]), goods(wish[3]), wish[0].equals("sell"));
        return HttpReply.text(200, sagas.start("two-shelves", call.path(), input).name());
      }
      return HttpReply.text(
          200, sagas.status(call.path()).orElseThrow() + " " + sagas.cause(call.path()));
    }

    /// `cup:2,pot:1`.
    private static Goods goods(String text) {
      return new Goods(
          List.of(text.split(",", -1)).stream()
              .map(line -> line.split(":", -1))
              .map(line -> new Line(line[0], Long.parseLong(line[1])))
              .toList());
    }
  }

  private Saga<Wish> twoShelves() {
    return Saga.define("two-shelves", Wish.class)
        .step(
            "first",
            step ->
                step.act(toRoom(space(), _ -> "berlin", "reserve", wish -> wish.input().first()))
                    .undo(toRoom(space(), _ -> "berlin", "release", wish -> wish.input().first())))
        .step(
            "then",
            step ->
                step.act(
                        toRoom(
                            space(),
                            wish -> wish.input().second(),
                            "reserve",
                            wish -> wish.input().then()))
                    .undo(
                        toRoom(
                            space(),
                            wish -> wish.input().second(),
                            "release",
                            wish -> wish.input().then())))
        .step(
            "sell",
            step ->
                step.pivot()
                    .act(
                        toRoom(
                            space(),
                            _ -> "berlin",
                            "sell",
                            wish -> {
                              if (!wish.input().sells()) {
                                throw new IllegalStateException("not for sale");
                              }
                              return wish.input().first();
                            })))
        .build();
  }

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
    tester =
        kept()
            .stage(
                RoomTester.of(kept().namespace(), Namespace.named("desk", Desk::new).build())
                    .facility(new SagaFacility(List.of(twoShelves()))));
  }

  private void stocked(RoomTester t, String room, String sku, long onHand) {
    String body = "{\"onHand\":" + onHand + "}";
    t.request(space(), room, HttpCall.of("PUT", "stock/" + sku).withBody(body));
  }

  private String stock(RoomTester t, String room, String sku) throws Exception {
    HttpCall call = HttpCall.of("GET", "stock/" + sku);
    JsonNode stock = JSON.readTree(t.request(space(), room, call).text());
    return stock.get("onHand") + "-" + stock.get("reserved");
  }

  private void start(RoomTester t, String desk, String id, String wish) {
    t.request("desk", desk, HttpCall.of("POST", id).withBody(wish));
    t.advance(Duration.ofMinutes(1));
  }

  private String status(RoomTester t, String desk, String id) {
    return t.request("desk", desk, HttpCall.of("GET", id)).text();
  }

  @Test
  void all_lines_are_set_aside_and_then_sold() {
    tester.run(t -> {
      stocked(t, "berlin", "cup", 5);
      stocked(t, "berlin", "pot", 5);
      start(t, "a", "1", "sell berlin cup:2,pot:1 cup:1");

      assertThat(status(t, "a", "1")).startsWith("COMPLETED");
      assertThat(stock(t, "berlin", "cup")).isEqualTo("2-0");
      assertThat(stock(t, "berlin", "pot")).isEqualTo("4-0");
    });
  }

  @Test
  void if_one_line_is_missing_none_is_set_aside_and_nobody_hears_of_any() {
    tester.run(t -> {
      stocked(t, "berlin", "cup", 5);
      stocked(t, "berlin", "pot", 0);
      FakeConnection watcher = t.connect(space(), "berlin");
      start(t, "a", "1", "sell berlin cup:2,pot:1 cup:1");

      assertThat(status(t, "a", "1")).startsWith("COMPENSATED").contains("out of stock");
      assertThat(stock(t, "berlin", "cup")).isEqualTo("5-0");
      assertThat(watcher.texts()).hasSize(1);
    });
  }

  @Test
  void each_step_gives_back_what_it_has_set_aside_itself() {
    tester.run(t -> {
      stocked(t, "berlin", "cup", 5);
      FakeConnection watcher = t.connect(space(), "berlin");
      start(t, "a", "1", "keep berlin cup:2 cup:1");

      assertThat(status(t, "a", "1")).startsWith("COMPENSATED").contains("not for sale");
      assertThat(stock(t, "berlin", "cup")).isEqualTo("5-0");
      assertThat(watcher.texts())
          .extracting(text -> JSON.readTree(text).path("stock").path("reserved").asInt())
          .containsExactly(0, 2, 3, 2, 0);
    });
  }

  @Test
  void sagas_of_the_same_id_and_other_owners_do_not_touch_each_others_goods() {
    tester.run(t -> {
      stocked(t, "berlin", "cup", 5);
      stocked(t, "berlin", "pot", 5);
      start(t, "a", "1", "sell berlin pot:1 pot:1");
      start(t, "b", "1", "keep berlin cup:2 cup:1");

      assertThat(status(t, "a", "1")).startsWith("COMPLETED");
      assertThat(status(t, "b", "1")).startsWith("COMPENSATED");
      assertThat(stock(t, "berlin", "cup")).isEqualTo("5-0");
    });
  }

  @Test
  void what_a_saga_holds_does_not_expire_while_the_saga_is_open() {
    tester.run(t -> {
      stocked(t, "berlin", "cup", 5);
      t.request("desk", "a", HttpCall.of("POST", "1").withBody("sell berlin cup:2 cup:1"));
      t.settle();
      HttpCall one = HttpCall.of("GET", "reservations/r1");
      JsonNode held = JSON.readTree(t.request(space(), "berlin", one).text());
      long now = t.execution().millis();

      assertThat(held.get("expiresAt").asLong() - now)
          .isGreaterThan(Duration.ofDays(300).toMillis());
    });
  }

  @Test
  void a_clients_key_cannot_be_one_of_a_sagas() {
    tester.run(t -> {
      stocked(t, "berlin", "cup", 5);
      t.request("desk", "a", HttpCall.of("POST", "1").withBody("sell berlin cup:2 cup:1"));
      t.settle();
      HttpCall one = HttpCall.of("GET", "reservations/r1");
      String key = JSON.readTree(t.request(space(), "berlin", one).text()).get("key").asText();

      HttpCall call =
          HttpCall.of("POST", "reservations")
              .withBody("{\"sku\":\"cup\",\"quantity\":2,\"key\":\"%s\"}".formatted(key));
      assertThat(t.requested(space(), "berlin", call))
          .isInstanceOfSatisfying(
              Answer.Declined.class,
              no ->
                  assertThat(no.error())
                      .isInstanceOfSatisfying(
                          Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(400)));
    });
  }
}
