package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.QueueConsumer;
import dev.dormouse.saga.Queues;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.testkit.RoomTester;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Rooms that send (`shops`) and rooms that are brought messages (`accounts`), doing what a test
/// says, over queues that die and come again with the process.
final class Plant {
  static final String SHOPS = "shops";
  static final String ACCOUNTS = "accounts";

  /// What a shop does when it is called.
  interface Doing {
    String does(RoomContext context, String what) throws Exception;
  }

  /// What an account does with messages.
  interface Consuming {
    void takes(RoomContext context, QueueConsumer.Batch batch) throws Exception;
  }

  /// How shops are called.
  interface ShopCalls {
    String does(String what);
  }

  final RoomTester tester;
  private final Supplier<Logs> logs;
  private final List<Queue> queues;
  private @Nullable QueueNode node;
  Doing shop = (context, what) -> "";
  Consuming account = (context, batch) -> {};

  /// Who is told what the queues do.
  QueueObserver observer = QueueObserver.NONE;

  /// Whether a note between rooms is lost; asked for each.
  BooleanSupplier lost = () -> false;

  /// @param logs of one process after another
  Plant(long seed, Supplier<Logs> logs, Queue... queues) {
    this.logs = logs;
    this.queues = List.of(queues);
    RoomLimits limits = RoomLimits.defaults().withIdle(Duration.ofSeconds(1));
    tester =
        RoomTester.seeded(
                seed,
                Namespace.named(SHOPS, context -> new Shop(context, this))
                    .calls(ShopCalls.class)
                    .limits(limits)
                    .build(),
                Namespace.named(ACCOUNTS, context -> new Account(context, this))
                    .limits(limits)
                    .build(),
                Namespace.system(
                        QueueNode.NAMESPACE, context -> node().namespace().factory().apply(context))
                    .calls(GroupCalls.class)
                    .limits(limits)
                    .build())
            .facility(new Present());
  }

  /// For runs in which things fail on purpose.
  Plant troubled() {
    tester.observer(RoomObserver.NONE);
    return this;
  }

  QueueNode node() {
    QueueNode present = node;
    if (present == null) {
      throw new IllegalStateException("the queues are not open");
    }
    return present;
  }

  /// Runs `scenario` with open queues.
  void run(RoomTester.Scenario scenario) {
    try {
      tester.run(t -> {
        open();
        node().start(t.rooms());
        scenario.run(t);
      });
    } finally {
      if (node != null) {
        node.close();
      }
    }
  }

  private void open() throws LogException {
    long[] secret = {1};
    node = QueueNode.open(queues, logs.get(), tester.execution(), () -> secret[0]++, observer);
  }

  /// The process dies at once and starts again.
  void crash() throws LogException {
    tester.store().crash();
    again(tester::crash);
  }

  /// The process stops politely and starts again.
  void stopAndStart() throws LogException {
    tester.node().stop(Duration.ofSeconds(30));
    again(tester::stopAndStart);
  }

  private void again(Runnable rooms) throws LogException {
    node().close();
    open();
    rooms.run();
    node().start(tester.rooms());
  }

  String shop(String name, String what) {
    return tester.rooms().stub(ShopCalls.class, SHOPS, name).does(what);
  }

  /// The queues facility of the process that runs.
  private final class Present implements Facility {
    @Override
    public String name() {
      return "queue";
    }

    @Override
    public Class<?> type() {
      return Queues.class;
    }

    @Override
    public Part join(FacilityRoom room) {
      Object wired =
          Proxy.newProxyInstance(
              FacilityRoom.class.getClassLoader(),
              new Class<?>[] {FacilityRoom.class},
              (self, method, arguments) -> {
                if (method.getName().equals("post") && lost.getAsBoolean()) {
                  return true;
                }
                try {
                  return method.invoke(room, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
      return node().facility().join((FacilityRoom) wired);
    }
  }

  private record Shop(RoomContext context, Plant plant) implements Room, ShopCalls {
    @Override
    public String does(String what) {
      try {
        return plant.shop.does(context, what);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private record Account(RoomContext context, Plant plant) implements Room, QueueConsumer {
    @Override
    public void onMessages(Batch batch) throws Exception {
      plant.account.takes(context, batch);
    }
  }
}
