package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Upgrade;
import dev.dormouse.room.spi.Doorman;
import dev.dormouse.room.spi.Doorman.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// C6 over real sockets: what answers for rooms without entering them.
class DoormenIT {
  private static final AtomicInteger HEARD = new AtomicInteger();

  @TempDir static Path folder;

  private static RoomServer server;

  @BeforeAll
  static void start() {
    server =
        RoomServer.builder()
            .namespace(
                Namespace.named("hall", Hall::new)
                    .doorman("relay", new Relaying(Optional.empty()))
                    .doorman(
                        "feeder",
                        new Relaying(
                            Optional.of(
                                new Doorman.KeepAlive(Duration.ofSeconds(1), Message.of("food")))))
                    .build())
            .data(folder.resolve("data"))
            .port(0)
            .park(Parking.TIME)
            .set(Setting.CLOSING, "1")
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// Answers `ping` automatically, says `room` to everything else, and counts that.
  private record Hall(RoomContext context) implements Room {
    @Override
    public Admission onConnect(Upgrade upgrade) {
      return Admission.accept().metBy(upgrade.parameter("by").orElse("relay"));
    }

    @Override
    public void onOpen(Connection connection) {
      context.connections().autoResponse(Message.of("ping"), Message.of("pong"));
      connection.send("opened");
    }

    @Override
    public void onMessage(Connection connection, Message message) {
      HEARD.incrementAndGet();
      connection.send("room");
    }
  }

  /// Passes `pass`, relays the rest, and says when somebody leaves.
  private record Relaying(Optional<KeepAlive> keepAlive) implements Doorman, Doorman.Porch {
    @Override
    public Porch open(int maxBytes) {
      return this;
    }

    @Override
    public List<Verdict> joins(long connection, long now) {
      return List.of(new Verdict.Answer(Message.of("met")));
    }

    @Override
    public List<Verdict> hears(long connection, Message message, long now) {
      return message.equals(Message.of("pass"))
          ? Verdict.PASS
          : List.of(new Verdict.Relay(message));
    }

    @Override
    public List<Verdict> leaves(long connection, long now) {
      return List.of(new Verdict.Relay(Message.of("left")));
    }

    @Override
    public int bytes() {
      return 0;
    }
  }

  private static RawWebSocket enter(String path) throws IOException {
    RawWebSocket client = RawWebSocket.open(server.port(), path);
    assertThat(client.readText()).isEqualTo("met");
    assertThat(client.readText()).isEqualTo("opened");
    return client;
  }

  @Test
  void C6_what_is_relayed_passes_the_room_by() throws IOException {
    int before = HEARD.get();
    try (RawWebSocket ada = enter("/hall/relayed");
        RawWebSocket bob = enter("/hall/relayed")) {
      ada.text("hello");
      assertThat(bob.readText()).isEqualTo("hello");
      assertThat(HEARD).hasValue(before);

      assertThat(ada.text("pass").readText()).isEqualTo("room");
      assertThat(ada.text("ping").readText()).isEqualTo("pong");
      assertThat(HEARD).hasValue(before + 1);
      ada.close(1000);
      assertThat(bob.readText()).isEqualTo("left");
    }
  }

  @Test
  void C6_what_a_client_says_with_its_handshake_reaches_those_who_are_there() throws IOException {
    try (RawWebSocket ada = enter("/hall/hasty")) {
      for (int i = 0; i < 20; i++) {
        try (RawWebSocket bob = RawWebSocket.open(server.port(), "/hall/hasty")) {
          bob.text("here is " + i);
          assertThat(ada.readText()).isEqualTo("here is " + i);
        }
        assertThat(ada.readText()).isEqualTo("left");
      }
    }
  }

  @Test
  void C6_a_silent_client_is_fed() throws IOException {
    try (RawWebSocket ada = enter("/hall/fed?by=feeder")) {
      assertThat(ada.readText()).isEqualTo("food");
      assertThat(ada.readText()).isEqualTo("food");
    }
  }

  @Test
  void C6_a_ping_is_answered_by_the_server_and_counted() throws IOException {
    long before = server.counters().pings.sum();
    try (RawWebSocket ada = enter("/hall/ping")) {
      assertThat(ada.frame(RawWebSocket.PING).next().first()).isEqualTo(RawWebSocket.PONG);
      // The second is read when the first has been counted.
      assertThat(ada.frame(RawWebSocket.PING).next().first()).isEqualTo(RawWebSocket.PONG);
      assertThat(server.counters().pings.sum()).isBetween(before + 1, before + 2);
    }
  }

  @Test
  void C6_a_doorman_that_is_not_declared_lets_nobody_in() throws IOException {
    try (RawWebSocket eve = RawWebSocket.dial(server.port())) {
      RawWebSocket.Head head = eve.upgrade("/hall/locked?by=nobody");

      assertThat(head.status()).isEqualTo(500);
      assertThat(eve.body(head)).contains("its log says how");
    }
  }
}
