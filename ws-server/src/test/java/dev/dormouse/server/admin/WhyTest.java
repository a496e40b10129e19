package dev.dormouse.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.KeptAwake.Condition;
import dev.dormouse.room.spi.RoomReport;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhyTest {
  private static final RoomId ROOM = RoomId.of("chat", new byte[RoomId.BYTES], "lobby");
  private static final long THEN = Instant.parse("2026-01-02T03:04:05Z").toEpochMilli();

  private static String awake(KeptAwake... reasons) {
    return Why.of(new RoomReport(ROOM, true, 2, THEN, List.of(reasons)));
  }

  private static String asleep(int connections, long since) {
    return Why.of(new RoomReport(ROOM, false, connections, since, List.of()));
  }

  @Test
  void H4_an_awake_room_names_everything_that_keeps_it() {
    assertThat(
            awake(
                new KeptAwake(Condition.SUSPENDED, 2, "2 handlers wait for something outside"),
                new KeptAwake(Condition.TIMERS, 3, "3 timers are set")))
        .isEqualTo("awake: 2 handlers wait for something outside; 3 timers are set");
    assertThat(awake()).isEqualTo("awake, and about to fall asleep: nothing keeps it");
  }

  @Test
  void H4_a_room_that_sleeps_says_since_when_and_whose_connections_stay() {
    assertThat(asleep(0, THEN)).isEqualTo("asleep since 2026-01-02T03:04:05Z");
    assertThat(asleep(1, THEN))
        .isEqualTo("asleep since 2026-01-02T03:04:05Z; 1 connection stays open");
    assertThat(asleep(3, THEN)).endsWith("; 3 connections stay open");
    assertThat(asleep(0, 0)).isEqualTo("asleep; it has not been awake since the server started");
  }
}
