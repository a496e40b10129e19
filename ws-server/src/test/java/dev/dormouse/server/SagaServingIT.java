package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.Sagas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sagas in a real server, on a real disk, over restarts.
@Timeout(60)
class SagaServingIT {
  @TempDir Path folder;

  private RoomServer start(Saga<?>... sagas) {
    return RoomServer.builder()
        .namespace(ErrandRoom.namespace())
        .sagas(List.of(sagas))
        .data(folder)
        .port(0)
        .start();
  }

  private static Sagas owner(RoomServer server) {
    RoomId home = server.rooms().idFromName(ErrandRoom.SPACE, "home");
    return server.rooms().stub(Sagas.class, home);
  }

  private static ErrandCalls shop(RoomServer server) {
    return server.rooms().stub(ErrandCalls.class, ErrandRoom.SPACE, "shop");
  }

  private static void becomes(RoomServer server, String saga, SagaStatus status)
      throws InterruptedException {
    for (int i = 0; i < 10_000 && !status(server, saga).equals(status); i++) {
      Thread.sleep(1);
    }
    assertThat(status(server, saga)).isEqualTo(status);
  }

  private static SagaStatus status(RoomServer server, String saga) {
    return owner(server).status(saga).orElseThrow();
  }

  private static void waits(RoomServer server) throws InterruptedException {
    for (int i = 0; i < 10_000 && shop(server).taken().equals("nothing"); i++) {
      Thread.sleep(1);
    }
  }

  @Test
  void a_saga_waits_through_a_restart_and_is_completed_by_a_later_answer() throws Exception {
    try (RoomServer server = start(ErrandRoom.saga(1))) {
      owner(server).start("errand", "1", "bread");
      waits(server);
    }
    try (RoomServer server = start(ErrandRoom.saga(1))) {
      assertThat(status(server, "1")).isEqualTo(SagaStatus.RUNNING);
      assertThat(shop(server).taken()).isEqualTo("bread");
      for (int i = 0; i < 10_000 && !shop(server).goOn(); i++) {
        Thread.sleep(1);
      }
      becomes(server, "1", SagaStatus.COMPLETED);
    }
  }

  @Test
  void a_saga_that_is_refused_or_cancelled_leaves_nothing() throws Exception {
    try (RoomServer server = start(ErrandRoom.saga(1))) {
      owner(server).start("errand", "refused", "no");
      becomes(server, "refused", SagaStatus.COMPENSATED);
      assertThat(owner(server).cause("refused")).contains("there is none");

      owner(server).start("errand", "cancelled", "milk");
      waits(server);
      owner(server).cancel("cancelled", "ada", "no thirst");
      becomes(server, "cancelled", SagaStatus.COMPENSATED);
      assertThat(shop(server).taken()).isEqualTo("nothing");
      assertThatThrownBy(() -> owner(server).cancel("cancelled", "ada", "again"))
          .isInstanceOf(Refusal.class);
    }
  }

  @Test
  void a_server_without_the_definition_of_an_open_saga_says_so_and_does_not_start()
      throws Exception {
    try (RoomServer server = start(ErrandRoom.saga(1))) {
      owner(server).start("errand", "1", "bread");
      waits(server);
    }
    assertThatThrownBy(() -> start(ErrandRoom.saga(2)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("errand/1: 1 open, such as '1' of errand/home");
    try (RoomServer server = start(ErrandRoom.saga(1), ErrandRoom.saga(2))) {
      owner(server).start("errand", "2", "more bread");
      owner(server).cancel("1", "ada", "old");
      becomes(server, "1", SagaStatus.COMPENSATED);
    }
    try (RoomServer server = start(ErrandRoom.saga(2))) {
      assertThat(status(server, "2")).isEqualTo(SagaStatus.RUNNING);
    }
  }

  @Test
  void rooms_of_the_servers_own_are_out_of_reach() throws IOException {
    try (RoomServer server = start()) {
      for (String path : List.of("/_queue/a", "/rooms/_queue/a", "/status/_queue/a")) {
        try (RawWebSocket client = RawWebSocket.dial(server.port())) {
          client.bytes(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(UTF_8));
          assertThat(client.head().status()).isEqualTo(404);
        }
      }
    }
  }
}
