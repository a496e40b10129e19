package dev.dormouse.rooms.collab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.spi.Doorman;
import dev.dormouse.room.spi.Doorman.Verdict;
import dev.dormouse.rooms.yjs.AwarenessUpdate;
import dev.dormouse.rooms.yjs.AwarenessUpdate.Entry;
import dev.dormouse.rooms.yjs.StateVector;
import dev.dormouse.rooms.yjs.YLimits;
import dev.dormouse.rooms.yjs.YMessage;
import dev.dormouse.rooms.yjs.YUpdate;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands before a document's room, driven as the socket side drives it.
class AwarenessDoormanTest {
  private static final long ANN = 1;
  private static final long BEN = 2;
  private static final YLimits LIMITS = CollabNamespace.LIMITS;

  private final Doorman doorman = new AwarenessDoorman(LIMITS);
  private final Doorman.Porch porch = doorman.open(AwarenessDoorman.porchBytes(LIMITS));
  private long now = 5_000;

  private static Entry state(long client, long clock, String json) {
    return new Entry(client, clock, json);
  }

  private static Entry gone(long client, long clock) {
    return new Entry(client, clock, "null");
  }

  private static Message news(Entry... entries) {
    return Message.of(
        new YMessage.AwarenessMessage(new AwarenessUpdate(List.of(entries))).encode());
  }

  private static Message of(YMessage message) {
    return Message.of(message.encode());
  }

  private static List<Verdict> relay(Entry... entries) {
    return List.of(new Verdict.Relay(news(entries)));
  }

  private static List<Verdict> answer(Entry... entries) {
    return List.of(new Verdict.Answer(news(entries)));
  }

  private List<Verdict> hears(long connection, Message message) {
    return porch.hears(connection, message, now);
  }

  private static int code(List<Verdict> verdicts) {
    return verdicts.getLast() instanceof Verdict.Close(CloseStatus status) ? status.code() : 0;
  }

  @Nested
  class Who_may_only_read {
    private List<Verdict> reads(Message message) {
      return porch.hearsReader(BEN, message, now);
    }

    @Test
    void C6_sees_the_others_and_is_not_seen() {
      hears(ANN, news(state(7, 1, "{}")));
      assertThat(reads(news(state(8, 1, "{\"name\":\"Ann\"}")))).isEmpty();
      assertThat(reads(of(new YMessage.QueryAwareness()))).isEqualTo(answer(state(7, 1, "{}")));
      assertThat(porch.leaves(BEN, now)).isEmpty();
    }

    @Test
    void C6_cannot_speak_for_others() {
      hears(ANN, news(state(7, 1, "{}")));
      assertThat(reads(news(gone(7, 2)))).isEmpty();
      assertThat(porch.joins(3, now)).isEqualTo(answer(state(7, 1, "{}")));
    }

    @Test
    void C6_asks_the_room_for_the_document() {
      assertThat(reads(of(new YMessage.SyncStep1(StateVector.EMPTY)))).isEqualTo(Verdict.PASS);
    }
  }

  @Nested
  class A_newcomer {
    @Test
    void C6_is_handed_who_is_there() {
      hears(ANN, news(state(7, 1, "{\"name\":\"Ann\"}")));
      hears(BEN, news(state(8, 3, "{}")));
      assertThat(porch.joins(3, now))
          .isEqualTo(answer(state(7, 1, "{\"name\":\"Ann\"}"), state(8, 3, "{}")));
    }

    @Test
    void is_handed_nothing_if_nobody_is() {
      assertThat(porch.joins(ANN, now)).isEmpty();
      hears(ANN, news(state(7, 1, "{}")));
      hears(ANN, news(gone(7, 2)));
      assertThat(porch.joins(BEN, now)).isEmpty();
    }
  }

  @Nested
  class What_somebody_says_of_themselves {
    @Test
    void C6_goes_to_the_others_and_does_not_pass() {
      assertThat(hears(ANN, news(state(7, 1, "{}")))).isEqualTo(relay(state(7, 1, "{}")));
      assertThat(hears(ANN, news(state(7, 2, "[]")))).isEqualTo(relay(state(7, 2, "[]")));
    }

    @Test
    void goes_on_as_it_came_if_all_of_it_is_new() {
      Message message = news(state(7, 1, "{}"), state(8, 1, "{}"));
      assertThat(hears(ANN, message))
          .singleElement()
          .isInstanceOfSatisfying(
              Verdict.Relay.class, relay -> assertThat(relay.message()).isSameAs(message));
    }

    @Test
    void is_taken_without_a_word_if_it_is_not_new() {
      hears(ANN, news(state(7, 4, "{}")));
      assertThat(hears(BEN, news(state(7, 4, "{}")))).isEmpty();
      assertThat(hears(BEN, news(state(7, 4, "{}"), state(8, 1, "{}"))))
          .isEqualTo(relay(state(8, 1, "{}")));
      assertThat(hears(BEN, Message.of(YMessage.keepAlive()))).isEmpty();
    }

    @Test
    void can_be_asked_for_and_is_answered_also_if_nobody_is_there() {
      assertThat(hears(BEN, of(new YMessage.QueryAwareness()))).isEqualTo(answer());
      hears(ANN, news(state(7, 1, "{}")));
      assertThat(hears(BEN, of(new YMessage.QueryAwareness())))
          .isEqualTo(answer(state(7, 1, "{}")));
    }
  }

  @Nested
  class Whoever {
    @Test
    void leaves_is_gone_for_all_at_once() {
      hears(ANN, news(state(7, 5, "{}")));
      hears(BEN, news(state(8, 1, "{}")));
      assertThat(porch.leaves(ANN, now)).isEqualTo(relay(gone(7, 5)));
      assertThat(porch.joins(3, now)).isEqualTo(answer(state(8, 1, "{}")));
      assertThat(porch.leaves(ANN, now)).isEmpty();
    }

    @Test
    void left_is_not_brought_back_by_an_echo() {
      hears(ANN, news(state(7, 5, "{}")));
      porch.leaves(ANN, now);
      now += 29_999;
      porch.ticks(now);
      assertThat(hears(BEN, news(state(7, 5, "{}")))).isEmpty();
      assertThat(porch.joins(3, now)).isEmpty();
    }

    @Test
    void says_nothing_for_30_seconds_is_gone_for_all_also_for_themselves() {
      hears(ANN, news(state(7, 5, "{}")));
      now += 15_000;
      hears(BEN, news(state(8, 1, "{}")));
      now += 14_999;
      assertThat(porch.ticks(now)).isEmpty();
      now += 1;
      assertThat(porch.ticks(now)).isEqualTo(relay(gone(7, 5)));
      assertThat(hears(ANN, news(state(7, 6, "{}")))).isEqualTo(relay(state(7, 6, "{}")));
    }

    @Test
    void came_again_stays_when_the_dead_line_ends() {
      hears(ANN, news(state(7, 5, "{}")));
      hears(3, news(state(7, 6, "{}")));
      assertThat(porch.leaves(ANN, now)).isEmpty();
      assertThat(porch.joins(4, now)).isEqualTo(answer(state(7, 6, "{}")));
    }
  }

  @Nested
  class What_concerns_the_document {
    @Test
    void passes() {
      for (YMessage message :
          List.of(
              new YMessage.SyncStep1(StateVector.EMPTY),
              new YMessage.SyncStep2(YUpdate.EMPTY),
              new YMessage.Update(YUpdate.EMPTY),
              new YMessage.Auth("no"))) {
        assertThat(hears(ANN, of(message))).isEqualTo(Verdict.PASS);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "00ffff", "000205ffffffffff", "02", "04", "ff", "ffffff"})
    void passes_unread_so_that_the_room_judges_it(String hex) {
      assertThat(hears(ANN, Message.of(HexFormat.of().parseHex(hex)))).isEqualTo(Verdict.PASS);
    }

    @Test
    void as_text_passes_too() {
      assertThat(hears(ANN, Message.of("\u0001\u0001\u0000"))).isEqualTo(Verdict.PASS);
    }
  }

  @Nested
  class Malformed_presence {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "01",
          "0101ff",
          "01020100",
          "0103010701",
          "010501070101",
          "01050107010121",
          "0300"
        })
    void ends_its_connection_for_good_and_changes_nothing(String hex) {
      hears(BEN, news(state(8, 1, "{}")));
      List<Verdict> verdicts = hears(ANN, Message.of(HexFormat.of().parseHex(hex)));
      assertThat(verdicts).hasSize(1);
      assertThat(code(verdicts)).isEqualTo(4400);
      assertThat(porch.joins(3, now)).isEqualTo(answer(state(8, 1, "{}")));
    }
  }

  @Nested
  class The_porch {
    private static final String LARGE = "\"" + "a".repeat(8_000) + "\"";

    @Test
    void C6_never_holds_more_than_it_may() {
      long client = 0;
      List<Verdict> verdicts = List.of();
      for (long connection = 1; code(verdicts.isEmpty() ? relay() : verdicts) == 0; connection++) {
        porch.joins(connection, now);
        client++;
        verdicts = hears(connection, news(state(client, 1, LARGE)));
      }
      assertThat(code(verdicts)).isEqualTo(1009);
      assertThat(client).isBetween(120L, 131L);
      assertThat(porch.bytes()).isBetween(1_000_000, AwarenessDoorman.porchBytes(LIMITS));
      // Those who are there go on.
      assertThat(hears(1, news(state(1, 2, "{}")))).isEqualTo(relay(state(1, 2, "{}")));
    }

    @Test
    void H3_is_nearly_empty_again_when_all_have_left() {
      for (long connection = 1; connection <= 50; connection++) {
        hears(connection, news(state(connection, 1, LARGE)));
      }
      for (long connection = 1; connection <= 50; connection++) {
        porch.leaves(connection, now);
      }
      assertThat(porch.bytes()).isLessThan(50 * 200);
      now += 60_000;
      porch.ticks(now);
      assertThat(porch.bytes()).isEqualTo(doorman.open(100_000).bytes());
    }

    @Test
    void tells_those_who_bring_too_many_clients_but_relays_the_first() {
      Entry[] seventeen =
          IntStream.range(0, 17).mapToObj(i -> state(100 + i, 1, "{}")).toArray(Entry[]::new);
      List<Verdict> verdicts = hears(ANN, news(seventeen));
      assertThat(verdicts.subList(0, 1)).isEqualTo(relay(Arrays.copyOf(seventeen, 16)));
      assertThat(code(verdicts)).isEqualTo(1009);
    }

    @Test
    void does_not_read_what_is_larger_than_all_it_holds() {
      byte[] frame = new byte[2 * LIMITS.awarenessBytes() + 1];
      frame[0] = YMessage.AWARENESS;
      assertThat(code(hears(ANN, Message.of(frame)))).isEqualTo(1009);
    }

    @Test
    void reads_an_echo_of_all_that_it_handed_over() {
      // Letters that take two bytes on the wire and one in memory.
      String wide = "\"" + "\u00fc".repeat(4_000) + "\"";
      for (long connection = 1; connection <= 240; connection++) {
        assertThat(code(hears(connection, news(state(connection, 1, wide))))).isZero();
      }
      Message all = ((Verdict.Answer) porch.joins(1_000, now).getFirst()).message();
      assertThat(all.bytes()).hasSizeGreaterThan(1_900_000);
      assertThat(hears(1_000, all)).isEmpty();
    }

    @Test
    void holds_what_its_namespace_says() {
      RoomLimits room = CollabNamespace.declaration().limits();
      assertThat(room.porchBytes()).isEqualTo(1 << 20);
      assertThat(room.porchBytes()).isEqualTo(AwarenessDoorman.porchBytes(LIMITS));
    }

    @Test
    void holds_two_thousand_people_with_a_cursor_each() {
      String cursor =
          "{\"user\":{\"name\":\"Sleepy Otter\",\"color\":\"#8f5526\"},\"cursor\":null}";
      for (long person = 1; person <= 2_000; person++) {
        assertThat(hears(person, news(state(person, 1, cursor + " ".repeat(120))))).hasSize(1);
      }
    }
  }

  @Test
  void a_silent_connection_is_fed_between_20_and_25_seconds() {
    Doorman.KeepAlive food = doorman.keepAlive().orElseThrow();
    assertThat(food.after().toSeconds()).isBetween(20L, 25L);
    assertThat(food.food()).isEqualTo(Message.of(new byte[] {1, 1, 0}));
  }

  @Nested
  class Whatever_comes {
    @Test
    void is_judged_without_a_throw_and_only_what_can_be_read_is_said() throws Exception {
      for (long seed = 1; seed <= 400; seed++) {
        try {
          play(new Random(seed));
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError("seed " + seed, e);
        }
      }
    }

    private void play(Random random) throws Exception {
      YLimits small = LIMITS.withAwarenessBytes(3_000);
      int most = AwarenessDoorman.porchBytes(small);
      Doorman.Porch any = new AwarenessDoorman(LIMITS).open(most);
      long time = 0;
      for (int step = 0; step < 120; step++) {
        long connection = random.nextInt(6);
        time += random.nextInt(4_000);
        List<Verdict> verdicts =
            switch (random.nextInt(12)) {
              case 0 -> any.joins(connection, time);
              case 1 -> any.leaves(connection, time);
              case 2 -> any.ticks(time);
              default -> any.hears(connection, something(random), time);
            };
        assertThat(any.bytes()).isBetween(AwarenessDoorman.OWN_BYTES, most);
        for (Verdict verdict : verdicts) {
          switch (verdict) {
            case Verdict.Answer(Message said) -> YMessage.parse(said.bytes(), LIMITS);
            case Verdict.Relay(Message said) -> YMessage.parse(said.bytes(), LIMITS);
            case Verdict.Close(CloseStatus status) -> assertThat(status.code()).isIn(1009, 4400);
            case Verdict.Pass _ -> {}
          }
        }
      }
      any.ticks(time + 200_000);
      any.ticks(time + 400_000);
      assertThat(any.bytes()).isEqualTo(AwarenessDoorman.OWN_BYTES);
    }

    /// Random bytes, or a good message, perhaps with something broken.
    private static Message something(Random random) {
      byte[] frame;
      if (random.nextInt(4) == 0) {
        frame = new byte[random.nextInt(40)];
        random.nextBytes(frame);
        if (frame.length > 0 && random.nextBoolean()) {
          frame[0] = YMessage.AWARENESS;
        }
      } else {
        frame = news(entries(random)).bytes();
      }
      for (int mutants = random.nextInt(3); mutants > 0 && frame.length > 0; mutants--) {
        switch (random.nextInt(3)) {
          case 0 -> frame[random.nextInt(frame.length)] = (byte) random.nextInt();
          case 1 -> frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
          default -> frame = Arrays.copyOf(frame, frame.length + random.nextInt(3));
        }
      }
      return random.nextInt(20) == 0
          ? Message.of(new String(frame, StandardCharsets.ISO_8859_1))
          : Message.of(frame);
    }

    private static Entry[] entries(Random random) {
      return Stream.generate(() ->
              state(
                  random.nextInt(12),
                  random.nextInt(30),
                  random.nextInt(4) == 0
                      ? "null"
                      : "{\"at\":\"" + "x".repeat(random.nextInt(200)) + "\"}"))
          .limit(random.nextInt(5))
          .toArray(Entry[]::new);
    }
  }
}
