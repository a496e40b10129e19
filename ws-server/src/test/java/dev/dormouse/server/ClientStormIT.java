package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.limits.Reason;
import dev.dormouse.server.limits.Turnstile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that come and go in every way there is, more than are let in, some of them parked: when
/// all are gone, nobody is counted any more, and while they are there, no limit is passed.
///
/// `-Ddormouse.rounds=…` makes it longer, `-Ddormouse.seed=…` repeats the clients' decisions.
@Timeout(300)
class ClientStormIT {
  private static final int ROUNDS = Integer.getInteger("dormouse.rounds", 3_000);
  private static final long SEED = Long.getLong("dormouse.seed", System.nanoTime() % 1_000_000);
  private static final int THREADS = 16;
  private static final int CLIENTS = 14;
  private static final String HEAD = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir Path folder;

  private final AtomicInteger upgraded = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void nobody_is_counted_when_all_are_gone_however_they_went(String transport) throws Exception {
    try (RoomServer server =
        RoomServer.builder()
            .namespace(TalkRoom.namespace())
            .data(folder.resolve("data"))
            .port(0)
            .set(Setting.TRANSPORT, transport)
            .set(Setting.SELECTORS, "2")
            .set(Setting.CLOSING, "1")
            .set(Setting.CLIENTS, Integer.toString(CLIENTS))
            .set(Setting.CLIENTS_PER_ADDRESS, "6")
            .set(Setting.PROXIES, "127.0.0.4")
            .set(Setting.HANDSHAKES, "9")
            .set(Setting.HANDSHAKE, "1")
            .park(Duration.ofMillis(2))
            .start()) {
      Turnstile turnstile = server.turnstile();
      AtomicInteger peak = new AtomicInteger();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          Random random = new Random(SEED * THREADS + i);
          all.add(
              threads.submit(() -> {
                for (int round = 0; round < ROUNDS / THREADS; round++) {
                  try {
                    visit(server.port(), random);
                  } catch (IOException _) {
                    // Sent away, reset or cut off: the server may do all of that here.
                  }
                  peak.accumulateAndGet(turnstile.clients(), Math::max);
                }
                return null;
              }));
        }
        for (Future<?> each : all) {
          each.get();
        }
      } catch (Exception e) {
        throw new AssertionError("with -Ddormouse.seed=" + SEED, e);
      }

      comes("clients", turnstile::clients);
      comes("handshakes", turnstile::handshakes);
      comes("addresses", turnstile::addresses);
      comes("parting", turnstile::parting);
      assertThat(peak.get()).isBetween(CLIENTS / 2, CLIENTS);
      assertThat(upgraded.get()).as("upgraded").isGreaterThan(ROUNDS / 10);
      for (Reason reason :
          List.of(Reason.CLIENTS, Reason.ADDRESS, Reason.HANDSHAKES, Reason.LATE)) {
        assertThat(turnstile.sentAway(reason).sum()).as("%s", reason).isPositive();
      }
      assertThat(server.front().wakes()).as("wakes").isGreaterThan(ROUNDS / 100);
    }
  }

  private static void comes(String what, IntSupplier value) throws InterruptedException {
    for (int i = 0; i < 1_000 && value.getAsInt() != 0; i++) {
      Thread.sleep(10);
    }
    assertThat(value.getAsInt()).as("%s, with -Ddormouse.seed=%s", what, SEED).isZero();
  }

  private void visit(int port, Random random) throws Exception {
    try (RawWebSocket client = RawWebSocket.dialFrom("127.0.0." + (1 + random.nextInt(4)), port)) {
      switch (random.nextInt(10)) {
        case 0 -> client.reset();
        case 1 -> Thread.sleep(random.nextInt(60));
        case 2 -> {
          client.bytes(HEAD.substring(0, 1 + random.nextInt(HEAD.length() - 1)).getBytes(UTF_8));
          if (random.nextInt(8) == 0) {
            // Until it is cut off.
            var _ = client.ended();
          } else if (random.nextBoolean()) {
            client.half();
            Thread.sleep(random.nextInt(20));
          }
        }
        case 3 -> {
          client.bytes(HEAD.repeat(1 + random.nextInt(3)).getBytes(UTF_8));
          client.body(client.head());
        }
        case 4 -> {
          client.bytes("no request at all\r\n\r\n".getBytes(UTF_8));
          client.head();
        }
        case 5 -> client.upgrade("/talk/storm?refuse=403");
        default -> talk(client, random);
      }
    }
  }

  private void talk(RawWebSocket client, Random random) throws Exception {
    if (client.upgrade("/talk/storm").status() != 101) {
      return;
    }
    upgraded.incrementAndGet();
    for (int i = random.nextInt(4); i >= 0; i--) {
      Thread.sleep(random.nextInt(30));
      client.text("hello");
    }
    switch (random.nextInt(5)) {
      case 0 -> client.reset();
      case 1 -> client.close(1000).readClose();
      case 2 -> client.half();
      case 3 -> {
        client.text("close 1000");
        client.readClose();
      }
      default -> Thread.sleep(random.nextInt(30));
    }
  }
}
