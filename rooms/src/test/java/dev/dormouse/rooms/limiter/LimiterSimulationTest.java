package dev.dormouse.rooms.limiter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Many who take at once, a disk that fails and a process that dies, in orders drawn from seeds.
/// Over no stretch of time is more granted than the limit allows; and who waits gets some.
class LimiterSimulationTest {
  private static final int SEEDS = 300;
  private static final int STEPS = 120;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Granted> granted = new ArrayList<>();
  private final List<Asked> open = new ArrayList<>();
  private long refused;

  private record Asked(long exchange, long tokens, long at) {}

  /// It was taken at some time between the two.
  private record Granted(long tokens, long asked, long answered) {}

  @Test
  void never_more_than_the_limit_over_any_stretch_of_time() {
    long all = 0;
    long no = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      LimiterSimulationTest one = new LimiterSimulationTest();
      one.play(seed);
      all += one.granted.size();
      no += one.refused;
    }
    // Else it shows nothing.
    assertThat(all).isGreaterThan(3_000);
    assertThat(no).isGreaterThan(3_000);
  }

  private void play(long seed) {
    RoomTester.seeded(seed, LimiterNamespace.declaration())
        .run(t -> {
          Random random = t.execution().random();
          Limit limit = new Limit(3 + random.nextInt(10), 1 + random.nextInt(20));
          t.rooms().stub(Limiter.class, "limiter", "ann").limit(limit);
          for (int step = 0; step < STEPS; step++) {
            step(t, random, limit);
          }
          t.store().faults(_ -> new Verdict.Durable());
          hear(t);
          check(limit);
          t.advance(Duration.ofSeconds(limit.perSeconds()));
          assertThat(
                  t.rooms().stub(Limiter.class, "limiter", "ann").take(limit.capacity()).granted())
              .isTrue();
        });
  }

  private void step(RoomTester t, Random random, Limit limit) throws Exception {
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4, 5, 6, 7, 8 -> {
        long tokens = 1L + random.nextInt(random.nextInt(4) == 0 ? (int) limit.capacity() : 2);
        Map<String, List<String>> query = Map.of("n", List.of(Long.toString(tokens)));
        long exchange =
            t.requesting(
                "limiter", "ann", new HttpCall("POST", "take", query, Map.of(), new byte[0]));
        open.add(new Asked(exchange, tokens, now(t)));
      }
      case 9, 10 -> hear(t);
      case 11, 12, 13 -> {
        t.advance(Duration.ofMillis(random.nextInt(1_500)));
        hear(t);
      }
      case 14 -> {
        boolean[] failed = {false};
        t.store()
            .faults(_ -> {
              if (failed[0]) {
                return new Verdict.Durable();
              }
              failed[0] = true;
              return random.nextBoolean()
                  ? new Verdict.Rejected("a test")
                  : new Verdict.Unknown(random.nextBoolean());
            });
      }
      default -> {
        if (random.nextInt(3) == 0) {
          collect(t);
          open.clear();
          t.crash();
        }
      }
    }
  }

  private void hear(RoomTester t) throws Exception {
    t.settle();
    collect(t);
  }

  private void collect(RoomTester t) throws Exception {
    for (Asked asked : List.copyOf(open)) {
      @Nullable Answer answer = t.sockets().answer(asked.exchange);
      if (answer == null) {
        continue;
      }
      open.remove(asked);
      if (answer instanceof Answer.Replied(HttpReply reply)) {
        boolean yes = JSON.readTree(reply.text()).get("granted").asBoolean();
        assertThat(reply.status()).isEqualTo(yes ? 200 : 429);
        if (yes) {
          granted.add(new Granted(asked.tokens, asked.at, now(t)));
        } else {
          refused++;
        }
      }
    }
  }

  private static long now(RoomTester t) {
    return t.execution().instant().toEpochMilli();
  }

  private void check(Limit limit) {
    for (Granted first : granted) {
      for (Granted last : granted) {
        long from = first.asked;
        long to = last.answered;
        long taken =
            granted.stream()
                .filter(each -> from <= each.asked && each.answered <= to)
                .mapToLong(Granted::tokens)
                .sum();
        long brought = Math.max(0, to - from) * limit.capacity() / (limit.perSeconds() * 1_000);
        assertThat(taken)
            .as("from %d to %d under %s", from, to, limit)
            .isLessThanOrEqualTo(limit.capacity() + brought);
      }
    }
  }
}
