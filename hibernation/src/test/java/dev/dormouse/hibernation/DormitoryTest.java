package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.hibernation.Dormitory.Night;
import dev.dormouse.hibernation.Dormitory.Sleeper;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The packed connections against a map that holds the same as objects.
class DormitoryTest {
  private static final int NUMBERS = 3_000;

  private final Dormitory dormitory = new Dormitory();
  private final Map<RoomId, Night> expected = new HashMap<>();

  /// @param hashes how many different hashes the ids have
  private static RoomId room(Random random, int rooms, int hashes) {
    int number = random.nextInt(rooms);
    byte[] bytes = new byte[RoomId.BYTES];
    bytes[0] = (byte) number;
    bytes[31] = (byte) (number >> 8);
    bytes[7] = (byte) (number % hashes);
    bytes[5] = (byte) 0x80;
    return RoomId.of("space" + number % 3, bytes, random.nextBoolean() ? "name" : null);
  }

  private static Night night(Random random, List<Integer> free) {
    List<Sleeper> sleepers = new ArrayList<>();
    for (int i = random.nextInt(1, 6); i > 0 && !free.isEmpty(); i--) {
      sleepers.add(
          new Sleeper(
              free.removeLast(),
              random.nextLong(1, Long.MAX_VALUE),
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextInt(),
              random.nextInt(4) == 0 ? random.nextLong(1_000) : OpenConnection.NEVER,
              random.nextBoolean()
                  ? Stay.WITHOUT_END
                  : new Stay(
                      random.nextLong(1_000),
                      random.nextLong(1, Long.MAX_VALUE),
                      random.nextInt(3) == 0 ? 0 : random.nextLong()),
              random.nextInt(4) == 0 ? Set.of("tag" + random.nextInt(9)) : Set.of()));
    }
    var autoResponse =
        random.nextInt(4) == 0
            ? new AutoResponse(Message.of("ping" + random.nextInt(9)), Message.of("pong"))
            : null;
    return new Night(autoResponse, sleepers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 200})
  void gives_back_what_was_laid_down(int hashes) {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      List<Integer> free = new ArrayList<>();
      for (int i = 0; i < NUMBERS; i++) {
        free.add(i);
      }
      java.util.Collections.shuffle(free, random);
      for (int step = 0; step < 1_500; step++) {
        RoomId room = room(random, 400, hashes);
        Night there = expected.get(room);
        assertThat(dormitory.has(room)).isEqualTo(there != null);
        if (there != null) {
          for (Sleeper sleeper : there.sleepers()) {
            assertThat(dormitory.roomOf(sleeper.number())).isEqualTo(room);
            free.add(random.nextInt(free.size() + 1), sleeper.number());
          }
          assertThat(dormitory.look(room)).isEqualTo(there.sleepers());
          assertThat(dormitory.take(room)).isEqualTo(expected.remove(room));
          assertThat(dormitory.roomOf(there.sleepers().getFirst().number())).isNull();
        } else {
          assertThat(dormitory.look(room)).isEmpty();
          assertThat(dormitory.take(room)).isNull();
          Night night = night(random, free);
          if (!night.sleepers().isEmpty()) {
            dormitory.lay(room, night);
            expected.put(room, night);
          }
        }
      }
      assertThat(new HashSet<>(dormitory.everyRoom())).isEqualTo(expected.keySet());
      assertThat(dormitory.rooms()).isEqualTo(expected.size());
      assertThat(dormitory.connections())
          .isEqualTo(expected.values().stream().mapToInt(n -> n.sleepers().size()).sum());
      for (RoomId room : List.copyOf(expected.keySet())) {
        assertThat(dormitory.take(room)).isEqualTo(expected.remove(room));
      }
      assertThat(dormitory.isEmpty()).isTrue();
      assertThat(dormitory.connections()).isZero();
    }
  }

  @Test
  void knows_no_number_that_was_never_used() {
    assertThat(dormitory.roomOf(0)).isNull();
    assertThat(dormitory.roomOf(1 << 20)).isNull();
  }
}
