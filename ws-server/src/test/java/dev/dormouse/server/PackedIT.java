package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// H3 on real sockets: connections of which a few numbers are left behave as any others.
@Timeout(180)
class PackedIT extends WithParking {
  private static final int ROUNDS = Integer.getInteger("dormouse.rounds", 1);

  @Test
  void H3_clients_cannot_tell() throws Exception {
    try (RawWebSocket ada = open("/drowsy/duo");
        RawWebSocket bob = open("/drowsy/duo?tag=blue");
        RawWebSocket eve = open("/drowsy/solo")) {
      packed(3);
      // For the room, whose name is not remembered where it is packed.
      assertThat(eve.text("close-tagged nobody").text("hello").readText()).isEqualTo("hello");
      assertThat(ada.text("others hi").text("tagged blue sky").text("ok").readText())
          .isEqualTo("ok");
      assertThat(bob.readText()).isEqualTo("hi");
      assertThat(bob.readText()).isEqualTo("sky");

      packed(3);
      // Not for the room.
      assertThat(bob.text("beat").readText()).isEqualTo("heart");
      assertThat(eve.frame(RawWebSocket.PING).next().first()).isEqualTo(RawWebSocket.PONG);

      packed(3);
      try (RawWebSocket late = open("/drowsy/duo")) {
        assertThat(late.text("all welcome us").text("ok").readText()).isEqualTo("welcome us");
        assertThat(ada.readText()).isEqualTo("welcome us");
        assertThat(bob.readText()).isEqualTo("welcome us");
        assertThat(late.readText()).isEqualTo("ok");
        packed(4);
      }
      packed(3);
      bob.close(1000);
      packed(2);
      TalkRoom.SEEN.clear();
      eve.reset();
      packed(1);
      assertThat(TalkRoom.seen("solo")).isIn("error", "close 1006");
    }
    packed(0);
    parked(0);
  }

  @Test
  void H3_many_that_wake_and_are_packed_again() throws Exception {
    Random random = new Random(7);
    List<RawWebSocket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        clients.add(open("/drowsy/many" + i / 2));
      }
      for (int round = 0; round < ROUNDS; round++) {
        packed(clients.size());
        for (int i = 0; i < 100; i++) {
          // Halves of a room, together or not, in a part of a frame or whole.
          RawWebSocket one = clients.get(random.nextInt(clients.size()));
          String said = "round " + round + " " + i;
          assertThat(one.text(said).readText()).isEqualTo(said);
        }
        for (int room = 0; room < 100; room++) {
          RawWebSocket one = clients.get(2 * room);
          RawWebSocket other = clients.get(2 * room + 1);
          one.text("all of " + room);
          assertThat(one.readText()).isEqualTo("of " + room);
          assertThat(other.readText()).isEqualTo("of " + room);
        }
      }
      packed(clients.size());
    } finally {
      for (RawWebSocket client : clients) {
        client.reset();
      }
    }
    packed(0);
  }
}
