package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// C6, H3: what a client of a parked socket says for its room gets there once and in order,
/// whatever was seen to before it; and what is too much for a parked socket.
///
/// `-Ddormouse.rounds=…` makes it longer.
@Timeout(60)
class PassedOnIT extends WithPorter {
  private static final int ROUNDS = Integer.getInteger("dormouse.rounds", 50);

  @Nested
  class A_message_that_a_doorman_passes {
    @ParameterizedTest
    @ValueSource(strings = {"door", "quick-door"})
    void C6_reaches_the_room_once_and_in_order(String namespace) throws Exception {
      try (RawWebSocket ada = enter(namespace + "/passes");
          RawWebSocket bob = enter(namespace + "/passes")) {
        for (int round = 0; round < 20; round++) {
          parked(2);
          ada.bytes(
              together(
                  text("relay r1"),
                  ping("p1"),
                  text("others m1"),
                  text("relay r2"),
                  text("others m2"),
                  ping("p2"),
                  text("beat"),
                  text("others m3"),
                  text("told")));
          List<String> heard = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            heard.add(bob.readText());
          }
          assertThat(heard).containsSubsequence("m1", "m2", "m3").containsSubsequence("r1", "r2");
          List<String> answers = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            answers.add(ada.next().text());
          }
          assertThat(answers).containsSubsequence("p1", "p2", "heart").contains("told");
        }
        said(ada.text("last"), "last");
        said(bob.text("last"), "last");
      }
    }

    @Test
    void C6_wakes_its_socket_once() throws Exception {
      try (RawWebSocket client = enter("door/wakes")) {
        parked(1);
        count();
        said(client.text("hello"), "hello");
        woken(1);
        parked(1);
        woken(1);
        assertThat(attended()).isEqualTo(1);
      }
    }

    /// O6: the room takes 16 events before it is behind.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void O6_stops_the_reading_of_its_socket_if_the_room_is_behind(boolean atOnce) throws Exception {
      String room = "behind-" + atOnce;
      TalkRoom.GATES.put(room, new CountDownLatch(1));
      try (RawWebSocket busy = enter("door/" + room);
          RawWebSocket late = enter("door/" + room)) {
        parked(2);
        busy.text("wait");
        assertThat(TalkRoom.seen(room)).isEqualTo("open");
        assertThat(TalkRoom.seen(room)).isEqualTo("open");
        assertThat(TalkRoom.seen(room)).isEqualTo("waiting");
        for (int i = 0; i < 20; i++) {
          busy.text("b" + i);
        }
        paused(1);
        long before = server.counters().received.sum();
        late.bytes(together(ping("p"), text("l0"), text("l1"), text("echo unread"), ping("q")));
        pong(late, "p");
        if (!atOnce) {
          paused(2);
          Thread.sleep(2 * LONG);
          assertThat(server.counters().received.sum() - before)
              .as("messages that are read while the room is behind")
              .isEqualTo(1);
        }
        TalkRoom.GATES.get(room).countDown();
        for (int i = 0; i < 20; i++) {
          said(busy, "b" + i);
        }
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          rest.add(late.next().text());
        }
        assertThat(rest).containsSubsequence("l0", "l1").containsSubsequence("unread", "q");
        paused(0);
        parked(2);
      }
    }

    /// O6: many wake at a time, and the room is behind and catches up all the time.
    @Test
    void O6_does_not_leave_its_socket_unread_when_the_room_catches_up() throws Exception {
      List<RawWebSocket> crowd = new ArrayList<>();
      try {
        for (int i = 0; i < 40; i++) {
          crowd.add(enter("door/hasty"));
        }
        for (int round = 0; round < ROUNDS; round++) {
          parked(crowd.size());
          for (RawWebSocket each : crowd) {
            each.bytes(together(text("m" + round), text("echo e"), ping("p")));
          }
          for (RawWebSocket each : crowd) {
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
              answers.add(each.next().text());
            }
            assertThat(answers).containsExactlyInAnyOrder("m" + round, "e", "p");
          }
        }
      } finally {
        for (RawWebSocket each : crowd) {
          each.close();
        }
      }
    }

    private void paused(int count) throws InterruptedException {
      for (int i = 0; i < 5_000 && server.counters().paused.sum() != count; i++) {
        Thread.sleep(1);
      }
      assertThat(server.counters().paused.sum()).as("paused").isEqualTo(count);
    }
  }

  @Nested
  class A_doorman {
    @Test
    void C6_may_close_a_parked_socket() throws Exception {
      try (RawWebSocket client = enter("door/dismissed")) {
        parked(1);
        client.bytes(together(text("echo e"), text("dismiss"), text("echo never")));
        said(client, "e");
        RawWebSocket.Frame close = client.next();
        assertThat(close.first()).isEqualTo(RawWebSocket.CLOSE);
        assertThat(close.code()).isEqualTo(4444);
      }
    }

    @Test
    void C6_that_fails_ends_its_socket_only() throws Exception {
      try (RawWebSocket other = enter("door/stumbles");
          RawWebSocket client = enter("door/stumbles")) {
        parked(2);
        assertThat(client.text("stumble").readClose()).isEqualTo(1011);
        said(other.text("echo still here"), "still here");
      }
    }

    @Test
    void C7_may_answer_more_than_the_kernel_takes() throws Exception {
      try (RawWebSocket client = RawWebSocket.dial(server.port(), 4_096)) {
        assertThat(client.upgrade("/door/swells?by=porter").status()).isEqualTo(101);
        welcomed(client);
        for (int round = 0; round < 3; round++) {
          parked(1);
          int said = 0;
          // Until one does not fit, and the socket has to come back to send the rest.
          while (server.front().parked() == 1) {
            assertThat(said).as("answers that fit into the kernel").isLessThan(2_000);
            client.bytes(together(text("swell 20000"), ping("p" + said++)));
            Thread.sleep(1);
          }
          for (int i = 0; i < said; i++) {
            assertThat(client.readText()).hasSize(20_000);
            pong(client, "p" + i);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ping", "beat", "echo"})
  void C6_a_flood_at_a_parked_socket_does_not_keep_others_waiting(String kind) throws Exception {
    int count = 10_000;
    byte[] one =
        switch (kind) {
          case "ping" -> ping("0123");
          case "beat" -> text("beat");
          default -> text("echo 0123");
        };
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(one);
    }
    List<RawWebSocket> others = new ArrayList<>();
    try (RawWebSocket flood = enter("quick-door/flood")) {
      for (int i = 0; i < 4; i++) {
        others.add(enter("quick-door/others"));
      }
      parked(5);
      Thread writer = Thread.ofVirtual().start(() -> send(flood, all.toByteArray()));
      for (int i = 0; i < 50; i++) {
        RawWebSocket other = others.get(i % others.size());
        said(other.text("here " + i), "here " + i);
      }
      for (int i = 0; i < count; i++) {
        assertThat(flood.next().payload()).hasSizeLessThan(6);
      }
      writer.join();
      parked(5);
      said(flood.text("echo after"), "after");
    } finally {
      for (RawWebSocket other : others) {
        other.close();
      }
    }
  }

  @Test
  void C7_a_parked_client_that_pings_and_never_reads_is_closed() throws Exception {
    byte[] ping = ping("p".repeat(125));
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 1_000; i++) {
      many.writeBytes(ping);
    }
    try (RawWebSocket client = RawWebSocket.dial(server.port(), 4_096)) {
      assertThat(client.upgrade("/talk/deaf").status()).isEqualTo(101);
      assertThat(TalkRoom.seen("deaf")).isEqualTo("open");
      parked(1);
      // More than the kernel and the server together keep; until it is cut, it may say more.
      for (int i = 0; i < 500 && sends(client, many.toByteArray()); i++) {}
      assertThat(TalkRoom.seen("deaf")).isEqualTo("close 4000");
    }
  }

  private static boolean sends(RawWebSocket client, byte[] bytes) {
    try {
      client.bytes(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void send(RawWebSocket client, byte[] bytes) {
    try {
      client.bytes(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
