package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.Doorman;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets.Intake;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/// Relays, broadcasts, joins and closes race on real threads.
///
/// The porch writes down in which order it was asked, which is the truth that every wire is
/// compared with. A seed decides what each reader does, but not who is first.
class DoormanStressTest {
  private static final int READERS = 4;
  private static final int STEPS = 1_500;
  private static final int MOST_CLIENTS = 12;

  private final RoomId hall = RoomId.of("test", new byte[RoomId.BYTES], "hall");
  private final Chronicle chronicle = new Chronicle();
  private final SocketTable table =
      new SocketTable(
          List.of(
              Namespace.named(
                      "test",
                      _ -> {
                        throw new AssertionError("nobody builds rooms here");
                      })
                  .doorman("porter", chronicle)
                  .build()),
          new SystemExecution(),
          refusal -> Message.of(String.valueOf(refusal.getMessage())));
  private final Map<Long, Client> clients = new ConcurrentHashMap<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /// Relays every message, and keeps the order of everything.
  private static final class Chronicle implements Doorman, Doorman.Porch {
    private final AtomicBoolean busy = new AtomicBoolean();

    /// Guarded by the porch's promise that calls do not overlap, which is checked.
    private final List<String> relays = new ArrayList<>();

    private final List<Long> senders = new ArrayList<>();
    private final Map<Long, Integer> joined = new HashMap<>();
    private final Map<Long, Integer> left = new HashMap<>();
    private int present;

    @Override
    public Porch open(int maxBytes) {
      alone(() -> {
        assertThat(present).as("who is there when the porch is opened").isZero();
      });
      return this;
    }

    @Override
    public List<Verdict> joins(long connection, long now) {
      alone(() -> {
        present++;
        assertThat(joined.put(connection, relays.size())).as("joined before").isNull();
      });
      return List.of();
    }

    @Override
    public List<Verdict> hears(long connection, Message message, long now) {
      alone(() -> {
        assertThat(joined).containsKey(connection);
        assertThat(left).doesNotContainKey(connection);
        relays.add(FakeWire.text(message));
        senders.add(connection);
      });
      return List.of(new Verdict.Relay(message));
    }

    @Override
    public List<Verdict> leaves(long connection, long now) {
      alone(() -> {
        present--;
        assertThat(joined).containsKey(connection);
        assertThat(left.put(connection, relays.size())).as("left before").isNull();
      });
      return List.of();
    }

    @Override
    public int bytes() {
      return present;
    }

    private void alone(Runnable work) {
      if (!busy.compareAndSet(false, true)) {
        throw new AssertionError("two calls at once");
      }
      try {
        work.run();
      } finally {
        busy.set(false);
      }
    }

    /// What a connection must have been sent by others between its coming and its going.
    List<String> relayedTo(long connection) {
      List<String> all = new ArrayList<>();
      int until = left.getOrDefault(connection, relays.size());
      for (int i = joined.getOrDefault(connection, until); i < until; i++) {
        if (senders.get(i) != connection) {
          all.add(relays.get(i));
        }
      }
      return all;
    }
  }

  /// A client and what reached it; like a socket, it takes nothing after its close.
  private final class Client implements Wire {
    private final List<String> relays = new ArrayList<>();
    private final List<String> broadcasts = new ArrayList<>();
    private boolean closing;
    final ClientSocket socket = table.open(this);
    final long key;
    volatile boolean closedByRoom;

    Client() {
      key = socket.attach(hall, Admission.accept().metBy("porter"));
      clients.put(key, this);
    }

    @Override
    public synchronized boolean send(Message message, boolean more) {
      String text = FakeWire.text(message);
      if (!closing) {
        (text.startsWith("all") ? broadcasts : relays).add(text);
      }
      return !closing;
    }

    @Override
    public void close(CloseStatus status) {
      synchronized (this) {
        if (closing) {
          return;
        }
        closing = true;
      }
      closedByRoom = true;
      socket.closed(status, null);
    }

    /// Returns false if it was closing already.
    boolean vanishes() {
      synchronized (this) {
        if (closing) {
          return false;
        }
        closing = true;
      }
      socket.closed(new CloseStatus(1006, ""), null);
      return true;
    }

    @Override
    public void readOn() {}

    synchronized List<String> relays() {
      return List.copyOf(relays);
    }

    synchronized List<String> broadcasts() {
      return List.copyOf(broadcasts);
    }
  }

  /// The room: one thread that answers events, broadcasts, and closes some of its connections.
  private final class Host implements Runnable {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Random random = new Random(99);
    private final List<Long> members = new ArrayList<>();
    final List<String> said = new ArrayList<>();

    /// How much had been said when a connection joined.
    final Map<Long, Integer> since = new HashMap<>();

    /// How much had been said when the room closed a connection.
    final Map<Long, Integer> until = new HashMap<>();

    /// Once set, it closes nobody any more.
    volatile boolean calm;

    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger posted = new AtomicInteger();

    Intake post(RoomId room, Event event) {
      posted.incrementAndGet();
      events.add(event);
      return Intake.OPEN;
    }

    boolean isIdle() {
      return posted.get() == taken.get();
    }

    @Override
    public void run() {
      try {
        while (true) {
          Event event = events.take();
          handle(event);
          taken.incrementAndGet();
        }
      } catch (InterruptedException _) {
        // The test is over.
        Thread.currentThread().interrupt();
      } catch (Throwable e) {
        failures.add(e);
      }
    }

    private void handle(Event event) {
      List<Effect> effects = new ArrayList<>();
      switch (event) {
        case Event.Opened(long key, _) -> {
          effects.add(new Effect.Join(key, Set.of()));
          members.add(key);
          since.put(key, said.size());
        }
        case Event.Closed(long key, _) -> {
          members.remove(key);
          effects.add(new Effect.Leave(key));
        }
        default -> throw new AssertionError("the room must not hear of " + event);
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        String text = "all " + said.size();
        said.add(text);
        effects.add(new Effect.Broadcast(null, Message.of(text), Set.of()));
      }
      if (!calm && random.nextInt(8) == 0 && !members.isEmpty()) {
        long victim = members.remove(random.nextInt(members.size()));
        until.put(victim, said.size());
        effects.add(new Effect.Close(victim, new CloseStatus(4000, "")));
      }
      table.apply(hall, effects);
    }
  }

  /// A thread that reads for clients of its own: they come, speak and vanish.
  private void read(int reader) {
    Random random = new Random(reader);
    List<Client> mine = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      int draw = random.nextInt(100);
      if (mine.isEmpty() || (draw < 10 && mine.size() < MOST_CLIENTS)) {
        mine.add(new Client());
      } else if (draw < 15) {
        mine.remove(random.nextInt(mine.size())).vanishes();
      } else {
        Client speaker = mine.get(random.nextInt(mine.size()));
        assertThat(speaker.socket.received(speaker.key, Message.of(reader + "-" + step))).isTrue();
      }
    }
  }

  @RepeatedTest(5)
  @Timeout(20)
  void C6_every_relay_reaches_exactly_those_who_were_there_and_each_porch_call_is_alone()
      throws InterruptedException {
    Host host = new Host();
    table.postTo(host::post);
    Thread room = Thread.ofPlatform().name("the room").start(host);
    CountDownLatch done = new CountDownLatch(READERS);
    for (int i = 0; i < READERS; i++) {
      int reader = i;
      Thread.ofPlatform()
          .name("reader " + i)
          .start(() -> {
            try {
              read(reader);
            } catch (Throwable e) {
              failures.add(e);
            } finally {
              done.countDown();
            }
          });
    }
    done.await();
    until(host::isIdle);

    // These will survive, as does everybody who is there now; and then nobody speaks any more.
    host.calm = true;
    for (int i = 0; i < READERS; i++) {
      Client last = new Client();
      last.socket.received(last.key, Message.of("last " + i));
    }
    until(host::isIdle);
    Set<Client> complete = new HashSet<>();
    for (Client client : clients.values()) {
      if (client.vanishes()) {
        complete.add(client);
      }
    }
    assertThat(complete).hasSizeGreaterThanOrEqualTo(READERS);
    until(() -> host.isIdle() && table.connections() == 0);
    room.interrupt();
    room.join();

    assertThat(failures).isEmpty();
    assertThat(chronicle.joined.keySet()).containsExactlyInAnyOrderElementsOf(clients.keySet());
    assertThat(chronicle.left.keySet()).isEqualTo(chronicle.joined.keySet());
    for (Client client : clients.values()) {
      List<String> relays = client.relays();
      List<String> due = chronicle.relayedTo(client.key);
      assertThat(relays).as("relays to %d", client.key).isEqualTo(due.subList(0, relays.size()));
      List<String> broadcasts = client.broadcasts();
      int since = host.since.getOrDefault(client.key, 0);
      int until = host.until.getOrDefault(client.key, host.said.size());
      assertThat(broadcasts)
          .as("broadcasts to %d", client.key)
          .isEqualTo(host.said.subList(since, until).subList(0, broadcasts.size()));
      if (client.closedByRoom) {
        // A close by the room is a place in both orders: nothing before it may be missing.
        complete.add(client);
        assertThat(broadcasts).as("broadcasts to %d", client.key).hasSize(until - since);
      }
      if (complete.contains(client)) {
        assertThat(relays).as("relays to %d", client.key).isEqualTo(due);
      }
    }
    assertThat(clients.values()).anyMatch(client -> client.closedByRoom);
    assertThat(chronicle.relays).hasSizeGreaterThan(READERS * STEPS / 2);
    assertThat(table.counters().porchBytes.sum()).isZero();
    assertThat(table.counters().onPorches.sum()).isZero();
    assertThat(table.counters().joined.sum()).isZero();
    assertThat(table.sockets()).isZero();
  }

  /// Waits for the other threads to get there, unless one failed or the test's limit is over.
  private void until(BooleanSupplier there) {
    while (!there.getAsBoolean() && failures.isEmpty() && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }
}
