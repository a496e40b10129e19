package dev.dormouse.saga.facility;

import static dev.dormouse.saga.Command.external;
import static dev.dormouse.saga.Command.toRoom;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.SagaOwner;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.SoFar;
import dev.dormouse.saga.StepCommand;
import dev.dormouse.testkit.RoomTester;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/// The example of `docs/sagas.md`, which shows its tagged parts, works.
class OrderTest {

  record Order(String depot, String sku, int cents) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  // tag::definition
  static final Saga<Order> ORDER =
      Saga.define("order", Order.class)
          .deadline(Duration.ofMinutes(10))
          .step(
              "reserve",
              s ->
                  s.act(toRoom("depots", o -> o.input().depot(), "reserve", o -> o.input().sku()))
                      .undo(
                          toRoom(
                              "depots", o -> o.input().depot(), "release", o -> o.input().sku())))
          .step(
              "charge",
              s ->
                  s.pivot()
                      .act(
                          external(
                              "bank",
                              "charge",
                              SoFar::sagaId,
                              Repeat.idempotent(),
                              o -> o.input().cents()))
                      .undo(
                          external(
                              "bank", "refund", SoFar::sagaId, Repeat.idempotent(), SoFar::sagaId)))
          .step(
              "ship",
              s ->
                  s.retriable()
                      .timeout(Duration.ofDays(2))
                      .act(toRoom("couriers", _ -> "main", "ship", o -> o.input().sku())))
          .build();

  // end::definition

  interface Shop {
    String order(String id, Order order);
  }

  // tag::owner
  static final class ShopRoom implements Room, Shop, SagaOwner {
    private final RoomContext context;

    ShopRoom(RoomContext context) {
      this.context = context;
    }

    @Override
    public String order(String id, Order order) {
      return context.facility(Sagas.class).start("order", id, order).name();
    }

    @Override
    public void onSaga(SagaNews news) {
      context.storage().putText("order/" + news.saga(), news.status() + ": " + news.what());
    }
  }

  // end::owner

  // tag::participant
  static final class DepotRoom implements Room, Participant {
    private final RoomContext context;

    DepotRoom(RoomContext context) {
      this.context = context;
    }

    @Override
    public Object onCommand(StepCommand command) {
      String key = "stock/" + command.payload(String.class);
      int stock = context.storage().getText(key).map(Integer::parseInt).orElse(2);
      if (!command.undoes() && stock == 0) {
        throw new Refusal.Refused(409, "sold out");
      }
      int left = command.undoes() ? stock + 1 : stock - 1;
      context.storage().putText(key, Integer.toString(left));
      return left + " left";
    }
  }

  // end::participant

  interface Courier {
    void delivered(String sku);
  }

  // tag::later
  static final class CourierRoom implements Room, Participant, Courier {
    private final RoomContext context;

    CourierRoom(RoomContext context) {
      this.context = context;
    }

    @Override
    public Object onCommand(StepCommand command) {
      context.storage().putText("due/" + command.payload(String.class), command.token());
      return LATER;
    }

    @Override
    public void delivered(String sku) {
      String token = context.storage().getText("due/" + sku).orElseThrow();
      context.storage().delete("due/" + sku);
      context.facility(Sagas.class).answer(token, "at the door");
    }
  }

  // end::later

  // tag::service
  /// A bank that honours keys: a second call of a key has no second effect.
  static ExternalService bank(Map<String, String> book) {
    return call -> {
      if (call.undoes()) {
        book.replace(call.key(), "charged", "refunded");
      } else {
        book.putIfAbsent(call.key(), "charged");
      }
      return "receipt " + call.key();
    };
  }

  // end::service

  private final Map<String, String> book = new ConcurrentHashMap<>();
  private final RoomTester tester =
      RoomTester.of(
              Namespace.named("shops", ShopRoom::new).calls(Shop.class).build(),
              Namespace.named("depots", DepotRoom::new).build(),
              Namespace.named("couriers", CourierRoom::new).calls(Courier.class).build())
          .facility(new SagaFacility(List.of(ORDER), Map.of("bank", bank(book))));

  @Test
  void an_order_is_reserved_charged_and_shipped_when_the_courier_says_so() {
    tester.run(t -> {
      t.rooms().stub(Shop.class, "shops", "main").order("1", new Order("north", "tea", 300));
      t.advance(Duration.ofHours(20));
      assertThat(t.disk().text(t.id("shops", "main"), "order/1")).contains("RUNNING: done");
      t.rooms().stub(Courier.class, "couriers", "main").delivered("tea");
      t.settle();
      assertThat(t.disk().text(t.id("shops", "main"), "order/1")).contains("COMPLETED: done");
      assertThat(book).containsEntry("1", "charged");
    });
  }

  @Test
  void what_is_sold_out_is_not_charged() {
    tester.run(t -> {
      for (String id : List.of("1", "2", "3")) {
        t.rooms().stub(Shop.class, "shops", "main").order(id, new Order("north", "tea", 300));
        t.settle();
      }
      assertThat(t.disk().text(t.id("shops", "main"), "order/3")).contains("COMPENSATED: sold out");
      assertThat(book).containsOnlyKeys("1", "2");
    });
  }
}
