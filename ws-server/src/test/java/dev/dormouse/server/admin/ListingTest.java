package dev.dormouse.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dormouse.room.RoomId;
import dev.dormouse.server.admin.RoomQuery.State;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {
  /// Rooms to be found; ids follow the numbers.
  private static final class World implements Listing.Source {
    final List<RoomId> stored = new ArrayList<>();
    final List<RoomId> awake = new ArrayList<>();
    int read;

    /// Called before each read of the store.
    Consumer<World> meanwhile = _ -> {};

    @Override
    public List<RoomId> awake(String namespace) {
      return awake.stream().filter(it -> it.namespace().equals(namespace)).toList();
    }

    @Override
    public List<RoomId> stored(String namespace, @Nullable RoomId after, int limit) {
      meanwhile.accept(this);
      List<RoomId> page =
          stored.stream()
              .filter(it -> it.namespace().equals(namespace))
              .filter(it -> after == null || Cursor.ORDER.compare(it, after) > 0)
              .sorted(Cursor.ORDER)
              .limit(limit)
              .toList();
      read += page.size();
      return page;
    }
  }

  private final World world = new World();

  private static RoomId room(String namespace, int number, @Nullable String name) {
    byte[] bytes = ByteBuffer.allocate(RoomId.BYTES).putInt(number).array();
    return RoomId.of(namespace, bytes, name);
  }

  private static RoomId room(int number) {
    return room("a", number, "room " + number);
  }

  private Listing.Found find(State state, String search, @Nullable Cursor after, int limit)
      throws Exception {
    return Listing.find(new RoomQuery(List.of("a", "b"), state, search, after, limit), world);
  }

  /// All pages, one after the other.
  private List<RoomId> all(State state, String search, int limit) throws Exception {
    List<RoomId> all = new ArrayList<>();
    Cursor next = null;
    int pages = 0;
    do {
      Listing.Found found = find(state, search, next, limit);
      assertThat(found.rooms()).hasSizeLessThanOrEqualTo(limit);
      assertThat(found.scanned()).isLessThanOrEqualTo(Listing.SCANNED);
      all.addAll(found.rooms());
      next = found.next();
      assertThat(++pages).as("pages").isLessThan(100);
    } while (next != null);
    return all;
  }

  @Nested
  class Every_room {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void is_listed_once_whether_stored_in_memory_or_both(int limit) throws Exception {
      world.stored.addAll(List.of(room(1), room(3), room(4), room("b", 2, null)));
      world.awake.addAll(List.of(room(5), room(3), room(2), room("b", 1, null)));

      assertThat(all(State.ANY, "", limit))
          .containsExactly(
              room(1), room(2), room(3), room(4), room(5), room("b", 1, null), room("b", 2, null));
    }

    @Test
    void is_listed_by_its_state() throws Exception {
      world.stored.addAll(List.of(room(1), room(3)));
      world.awake.addAll(List.of(room(3), room(2)));

      assertThat(all(State.AWAKE, "", 10)).containsExactly(room(2), room(3));
      assertThat(all(State.ASLEEP, "", 10)).containsExactly(room(1));
    }

    @Test
    void keeps_its_name_wherever_that_is_known() throws Exception {
      world.stored.addAll(List.of(room("a", 1, "one"), room("a", 2, null)));
      world.awake.addAll(List.of(room("a", 1, null), room("a", 2, "two")));

      assertThat(all(State.ANY, "", 10).stream().map(it -> it.name().orElse("")))
          .containsExactly("one", "two");
    }

    @Test
    void that_is_there_all_the_time_is_met_once_while_others_come_and_go() throws Exception {
      IntStream.range(0, 40).forEach(i -> world.stored.add(room(i * 10)));
      int[] reads = new int[1];
      world.meanwhile =
          it -> {
            int number = reads[0]++;
            it.stored.removeIf(room -> room.equals(room(number * 10)) && number % 4 == 1);
            it.stored.add(room(number * 40 + 5));
          };

      List<RoomId> found = all(State.ANY, "", 3);

      assertThat(found).doesNotHaveDuplicates().isSortedAccordingTo(Cursor.ORDER);
      assertThat(found)
          .containsAll(
              IntStream.range(0, 40).filter(i -> i % 4 != 1).mapToObj(i -> room(i * 10)).toList());
    }
  }

  @Nested
  class A_page {
    @Test
    void that_is_the_last_says_so_even_if_it_is_full() throws Exception {
      world.stored.addAll(List.of(room(1), room(2)));

      assertThat(find(State.ANY, "", null, 2).next()).isNull();
      assertThat(find(State.ANY, "", null, 1).next()).isEqualTo(new Cursor(room(1)));
    }

    @Test
    void reads_little_more_than_it_shows() throws Exception {
      IntStream.range(0, 500).forEach(i -> world.stored.add(room(i)));

      find(State.ANY, "", null, 20);

      assertThat(world.read).isEqualTo(21);
    }

    @Test
    void of_none_is_refused() {
      assertThatIllegalArgumentException().isThrownBy(() -> find(State.ANY, "", null, 0));
      assertThatIllegalArgumentException().isThrownBy(() -> find(State.ANY, "", null, 1_001));
    }
  }

  @Nested
  class A_search {
    @ParameterizedTest
    @CsvSource({
      "Stra, Hauptstraße, true",
      "HAUPTSTRASSE, Hauptstraße, true",
      "ÉTÉ, en été, true",
      "a/b, x/a/b/y, true",
      "%, 100%, true",
      "_, plain, false",
      "lobby2, lobby, false"
    })
    void finds_a_part_of_the_name_in_any_case(String search, String name, boolean found)
        throws Exception {
      world.stored.add(room("a", 1, name));

      assertThat(all(State.ANY, search, 10)).hasSize(found ? 1 : 0);
    }

    @Test
    void never_finds_a_room_without_a_name() throws Exception {
      world.stored.add(room("a", 1, null));

      assertThat(all(State.ANY, "0", 10)).isEmpty();
      assertThat(all(State.ANY, "", 10)).hasSize(1);
    }

    @Test
    void scans_no_more_than_its_share_and_says_where_to_go_on() throws Exception {
      IntStream.range(0, 12_000).forEach(i -> world.stored.add(room(i)));

      Listing.Found first = find(State.ANY, "room 11999", null, 10);
      assertThat(first.rooms()).isEmpty();
      assertThat(first.scanned()).isEqualTo(Listing.SCANNED);
      assertThat(first.next()).isEqualTo(new Cursor(room(Listing.SCANNED - 1)));
      assertThat(world.read).isLessThanOrEqualTo(Listing.SCANNED + 1_000);

      assertThat(all(State.ANY, "room 11999", 10)).containsExactly(room(11_999));
    }

    @Test
    void among_rooms_in_memory_only_scans_no_more_either() throws Exception {
      IntStream.range(0, 12_000).forEach(i -> world.awake.add(room(i)));

      assertThat(find(State.AWAKE, "room 11999", null, 10).scanned()).isEqualTo(Listing.SCANNED);
      assertThat(all(State.AWAKE, "room 11999", 10)).containsExactly(room(11_999));
      assertThat(world.read).isZero();
    }
  }
}
