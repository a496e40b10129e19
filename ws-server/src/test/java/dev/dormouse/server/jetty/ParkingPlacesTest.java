package dev.dormouse.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.parking.ParkingConnector;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ParkingPlacesTest {
  private static final int ROUNDS = 200;
  private static final int SPINS = 20_000;

  @Test
  void each_connector_has_one_place() {
    ParkingPlaces<Object> places = new ParkingPlaces<>((_, _) -> new Object());
    ParkingConnector one = connector();

    assertThat(places.of(one)).isSameAs(places.of(one)).isNotSameAs(places.of(connector()));
  }

  @Test
  void of_two_whose_clients_come_at_the_same_time_one_is_packed() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      AtomicInteger packed = new AtomicInteger();
      ParkingPlaces<Object> places =
          new ParkingPlaces<>((_, packs) -> {
            for (int i = 0; i < SPINS; i++) {
              Thread.onSpinWait();
            }
            packed.addAndGet(packs ? 1 : 0);
            return new Object();
          });
      CyclicBarrier together = new CyclicBarrier(2);
      List<Thread> clients =
          List.of(
              Thread.ofPlatform().start(() -> come(together, places)),
              Thread.ofPlatform().start(() -> come(together, places)));
      for (Thread client : clients) {
        client.join();
      }
      assertThat(packed).hasValue(1);
    }
  }

  private static void come(CyclicBarrier together, ParkingPlaces<Object> places) {
    ParkingConnector connector = connector();
    try {
      together.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    places.of(connector);
  }

  /// One that is only itself.
  private static ParkingConnector connector() {
    return (ParkingConnector)
        Proxy.newProxyInstance(
            ParkingPlacesTest.class.getClassLoader(),
            new Class<?>[] {ParkingConnector.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy.hashCode() == arguments[0].hashCode();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
