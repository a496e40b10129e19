package dev.dormouse.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.server.http.Problem;
import dev.dormouse.server.parking.Incoming;
import dev.dormouse.server.parking.Parked;
import dev.dormouse.server.parking.ParkingConnector;
import dev.dormouse.server.parking.ParkingEndPoint;
import dev.dormouse.testkit.SeededExecution;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntFunction;
import org.eclipse.jetty.io.Connection;
import org.junit.jupiter.api.Test;

/// Who comes to a berth whose wire was packed gets the wire, and does not wait for ever.
class PackedWiresTest {
  private final SocketTable table =
      new SocketTable(List.of(), new SeededExecution(1), Problem::refusal);
  private int looks;

  /// One of which nothing is asked but `parkedAt`.
  private static <T> T played(Class<T> type, IntFunction<Parked> parkedAt) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (method.getName().equals("parkedAt")) {
                return parkedAt.apply((int) arguments[0]);
              }
              throw new AssertionError(method.getName() + " is not expected");
            }));
  }

  private static ParkingConnector connector(IntFunction<Parked> parkedAt) {
    return played(ParkingConnector.class, parkedAt);
  }

  private static <T> T untouched(Class<T> type) {
    return played(type, _ -> new Back());
  }

  /// One that is back.
  private static final class Back implements Parked {
    @Override
    public After attend(Incoming incoming) {
      return After.PARKED;
    }

    @Override
    public Connection wake(ParkingEndPoint endPoint) {
      throw new AssertionError("nobody wakes it");
    }

    @Override
    public void cut(Throwable cause) {}
  }

  @Test
  void one_that_is_just_being_packed_is_waited_for() {
    Parked back = new Back();
    PackedWires[] self = new PackedWires[1];
    self[0] = new PackedWires(table, connector(_ -> looks++ < 50 ? self[0] : back), 0);

    assertThat(self[0].here(7)).isSameAs(back);
    assertThat(looks).isEqualTo(51);
  }

  @Test
  void one_that_was_lost_is_given_up_and_its_socket_closed_without_an_error_of_its_own()
      throws IOException {
    PackedWires[] self = new PackedWires[1];
    self[0] = new PackedWires(table, connector(_ -> self[0]), 0);

    Parked here = self[0].here(7);

    assertThat(here).isSameAs(self[0]);
    assertThat(here.attend(untouched(Incoming.class))).isEqualTo(Parked.After.AWAKE);
    assertThatIllegalStateException().isThrownBy(() -> here.wake(untouched(ParkingEndPoint.class)));
    here.cut(new IOException("as told"));
  }
}
