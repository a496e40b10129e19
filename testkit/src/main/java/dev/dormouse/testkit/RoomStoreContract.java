package dev.dormouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.RoomStore.DueAlarm;
import dev.dormouse.room.spi.RoomStore.DueAlarms;
import dev.dormouse.room.spi.RoomStore.Mark;
import dev.dormouse.room.spi.WriteSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What every [RoomStore] promises, as tests: extend it and say how the store is opened.
///
/// A store keeps its data over a close, so [#open] is called again within a test and must then find
/// what the opening before left.
public abstract class RoomStoreContract {
  private static final String SPACE = "chat";

  /// Open from the beginning of each test; replaced by [#reopen].
  private RoomStore store;

  /// The sets made so far for each room: what the next one's sequence and version follow from.
  private final Map<RoomId, Long> sequences = new LinkedHashMap<>();

  /// Opens the store under test: empty at the first call in a test, later with its data.
  protected abstract RoomStore open() throws Exception;

  /// The time at which [#open] opens the store, in milliseconds since 1970 UTC.
  protected abstract long now();

  /// Waits for a future of the store. To be overridden where the store's threads need a push.
  protected <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @BeforeEach
  void open_the_store() throws Exception {
    store = open();
  }

  @AfterEach
  void close_the_store() {
    store.close();
  }

  private void reopen() throws Exception {
    store.close();
    store = open();
  }

  /// A room whose id begins with `first`, so that shards and order are known.
  private static RoomId room(int first) {
    return room(SPACE, first, null);
  }

  private static RoomId room(String namespace, int first, @Nullable String name) {
    byte[] bytes = new byte[RoomId.BYTES];
    Arrays.fill(bytes, (byte) 7);
    bytes[0] = (byte) first;
    return RoomId.of(namespace, bytes, name);
  }

  /// Builds the next write set of a room.
  private Draft next(RoomId room) {
    return new Draft(room, sequences.merge(room, 1L, Long::sum));
  }

  private final class Draft {
    private final RoomId room;
    private final long sequence;
    private long epoch = store.epoch();
    private long version;
    private int schema;
    private boolean clear;
    private @Nullable RoomSize size;
    private final SortedMap<String, Optional<byte[]>> changes = new TreeMap<>(KeyOrder.UTF8);
    private final List<WriteSet.AlarmChange> alarms = new ArrayList<>();

    Draft(RoomId room, long sequence) {
      this.room = room;
      this.sequence = sequence;
      this.version = sequence;
    }

    Draft put(String key, String value) {
      return put(key, value.getBytes(UTF_8));
    }

    Draft put(String key, byte[] value) {
      changes.put(key, Optional.of(value));
      return this;
    }

    Draft delete(String key) {
      changes.put(key, Optional.empty());
      return this;
    }

    Draft clear() {
      clear = true;
      return this;
    }

    Draft alarm(AlarmRow row) {
      alarms.add(new WriteSet.PutAlarm(row));
      return this;
    }

    Draft noAlarm(String name) {
      alarms.add(new WriteSet.DeleteAlarm(name));
      return this;
    }

    Draft numbers(long version, int schema) {
      this.version = version;
      this.schema = schema;
      return this;
    }

    Draft size(long bytes, long keys) {
      size = new RoomSize(bytes, keys);
      return this;
    }

    Draft epoch(long epoch) {
      this.epoch = epoch;
      return this;
    }

    private long number;
    private Set<Long> after = Set.of();

    /// By which sets of other rooms name it.
    Draft number(long number) {
      this.number = number;
      return this;
    }

    Draft after(long... numbers) {
      after = Arrays.stream(numbers).boxed().collect(Collectors.toUnmodifiableSet());
      return this;
    }

    CompletableFuture<Position> submit() {
      return store.commit(
          new WriteSet(
              room,
              epoch,
              sequence,
              version,
              schema,
              clear,
              Collections.unmodifiableSortedMap(changes),
              List.copyOf(alarms),
              number,
              after,
              size,
              0));
    }

    Position commit() throws Exception {
      return await(submit());
    }
  }

  private RoomImage load(RoomId room) throws Exception {
    return await(store.load(room));
  }

  /// All keys as text, however the room is loaded.
  private Map<String, String> keys(RoomId room) throws Exception {
    Map<String, String> keys = new LinkedHashMap<>();
    switch (load(room).keys()) {
      case RoomImage.Whole(var entries) ->
          entries.forEach((key, value) -> keys.put(key, new String(value, UTF_8)));
      case RoomImage.OnDemand() ->
          await(store.list(room, KeyRange.all(), Long.MAX_VALUE))
              .forEach(entry -> keys.put(entry.key(), entry.text()));
    }
    return keys;
  }

  private List<String> list(RoomId room, KeyRange range) throws Exception {
    return await(store.list(room, range, Long.MAX_VALUE)).stream().map(Storage.Entry::key).toList();
  }

  private CommitFailure failure(CompletableFuture<Position> refused) throws Exception {
    try {
      Position position = await(refused);
      throw new AssertionError("was committed at " + position);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CommitFailure failure) {
        return failure;
      }
      throw new AssertionError("a commit fails with a CommitFailure only", e);
    }
  }

  private void assertRefused(CompletableFuture<Position> future, Reason reason) throws Exception {
    CommitFailure failure = failure(future);
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(failure).hasMessageContaining(SPACE);
  }

  @Nested
  class When_a_write_set_is_committed {
    private final RoomId room = room(1);

    @Test
    void S1_a_load_sees_its_keys() throws Exception {
      next(room).put("a", "1").put("b", "2").commit();

      assertThat(keys(room)).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    }

    @Test
    void S2_a_load_sees_its_numbers() throws Exception {
      next(room).put("a", "1").numbers(7, 3).commit();
      next(room).alarm(AlarmRow.at("tick", 5)).numbers(7, 3).commit();

      RoomImage image = load(room);
      assertThat(image.sequence()).isEqualTo(2);
      assertThat(image.version()).isEqualTo(7);
      assertThat(image.schema()).isEqualTo(3);
    }

    @Test
    void an_unknown_room_loads_empty() throws Exception {
      RoomImage image = load(room(9));

      assertThat(image.sequence()).isZero();
      assertThat(image.version()).isZero();
      assertThat(image.schema()).isZero();
      assertThat(image.alarms()).isEmpty();
      assertThat(keys(room(9))).isEmpty();
    }

    @Test
    void S1_a_later_set_overwrites_and_deletes() throws Exception {
      next(room).put("a", "1").put("b", "2").commit();
      next(room).put("a", "one").delete("b").delete("never there").put("c", "3").commit();

      assertThat(keys(room)).containsExactly(Map.entry("a", "one"), Map.entry("c", "3"));
    }

    @Test
    void S1_clear_deletes_what_was_there_before_the_set_and_its_own_changes_stay()
        throws Exception {
      next(room).put("a", "1").put("b", "2").alarm(AlarmRow.at("old", 5)).commit();
      next(room).clear().put("b", "new").alarm(AlarmRow.at("new", 6)).commit();

      assertThat(keys(room)).containsExactly(Map.entry("b", "new"));
      assertThat(load(room).alarms()).containsExactly(AlarmRow.at("new", 6));
    }

    @Test
    void S1_keys_come_in_the_order_of_their_UTF_8_bytes() throws Exception {
      // Above D800 the order of UTF-16 is another one: an emoji begins with D83D, but comes last.
      next(room)
          .put("\uD83D\uDE00", "astral")
          .put("\uE000", "private use")
          .put("\uFF5E", "full width")
          .put("z", "z")
          .put("", "empty")
          .put("\u0000", "nul")
          .put("a", "a")
          .put("a\u0000b", "a nul b")
          .put("\u00E9", "two bytes")
          .commit();

      List<String> ordered =
          List.of("", "\u0000", "a", "a\u0000b", "z", "\u00E9", "\uE000", "\uFF5E", "\uD83D\uDE00");
      assertThat(keys(room).keySet()).containsExactlyElementsOf(ordered);
      assertThat(list(room, KeyRange.all())).isEqualTo(ordered);
      assertThat(list(room, KeyRange.all().reversed())).isEqualTo(ordered.reversed());
      assertThat(list(room, KeyRange.all().from("\uE000")))
          .containsExactly("\uE000", "\uFF5E", "\uD83D\uDE00");
      assertThat(list(room, KeyRange.all().from("\uE000").to("\uD83D\uDE00")))
          .containsExactly("\uE000", "\uFF5E");
      assertThat(list(room, KeyRange.prefixed("\uD83D\uDE00"))).containsExactly("\uD83D\uDE00");
    }

    @Test
    void S1_values_are_any_bytes_and_may_be_empty() throws Exception {
      byte[] all = new byte[256];
      IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
      next(room).put("all", all).put("empty", new byte[0]).commit();

      assertThat(await(store.read(room, "all")))
          .hasValueSatisfying(v -> assertThat(v).isEqualTo(all));
      assertThat(await(store.read(room, "empty"))).hasValueSatisfying(v -> assertThat(v).isEmpty());
      assertThat(keys(room)).containsEntry("empty", "");
    }

    @Test
    void S1_rooms_do_not_see_each_other() throws Exception {
      RoomId sameBytes = room("docs", 1, null);
      next(room).put("a", "chat").commit();
      next(sameBytes).put("a", "docs").commit();
      next(room(2)).put("b", "2").commit();

      assertThat(keys(room)).containsExactly(Map.entry("a", "chat"));
      assertThat(keys(sameBytes)).containsExactly(Map.entry("a", "docs"));
      assertThat(await(store.read(room(2), "a"))).isEmpty();
    }

    @Test
    void the_store_is_not_in_trouble() throws Exception {
      next(room).put("a", "1").commit();

      assertThat(store.trouble()).isEmpty();
    }

    @Test
    void the_maps_and_arrays_of_an_image_are_the_receivers() throws Exception {
      next(room).put("a", "1").commit();

      switch (load(room).keys()) {
        case RoomImage.Whole(var entries) -> {
          entries.put("b", new byte[] {1});
          entries.remove("a");
        }
        case RoomImage.OnDemand() -> throw new AssertionError("one key is not too many");
      }
      assertThat(keys(room)).containsExactly(Map.entry("a", "1"));
    }
  }

  @Nested
  class When_write_sets_are_pipelined {
    private final RoomId room = room(1);
    private final RoomId other = room(2);

    @Test
    void O1_futures_of_a_room_complete_in_order_and_positions_grow() throws Exception {
      List<Integer> completed = Collections.synchronizedList(new ArrayList<>());
      List<CompletableFuture<Position>> futures = new ArrayList<>();
      List<CompletableFuture<Position>> others = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        CompletableFuture<Position> future = next(room).put("a", "" + i).submit();
        futures.add(future.whenComplete((_, _) -> completed.add(number)));
        others.add(next(other).put("b", "" + i).submit());
      }
      List<Position> positions = new ArrayList<>();
      for (CompletableFuture<Position> future : futures) {
        positions.add(await(future));
      }

      for (CompletableFuture<Position> future : others) {
        await(future);
      }

      assertThat(completed).isSorted().hasSize(200);
      assertThat(positions).extracting(Position::value).isSorted();
      assertThat(positions).extracting(Position::file).containsOnly(positions.getFirst().file());
      assertThat(keys(room)).containsExactly(Map.entry("a", "199"));
      assertThat(load(room).sequence()).isEqualTo(200);
    }

    @Test
    void every_set_of_a_chain_counts() throws Exception {
      List<Draft> chain =
          List.of(
              next(room).put("a", "1").put("b", "1").alarm(AlarmRow.at("x", 1)),
              next(room).delete("a").put("c", "2").alarm(AlarmRow.at("y", 2)).noAlarm("x"),
              next(room).clear().put("d", "3").alarm(AlarmRow.at("z", 3)),
              next(room).put("a", "4").alarm(AlarmRow.at("y", 4)).noAlarm("z").numbers(99, 5),
              next(room).delete("d").put("e", "5").numbers(100, 6));
      for (CompletableFuture<Position> future : chain.stream().map(Draft::submit).toList()) {
        await(future);
      }

      assertThat(keys(room)).containsExactly(Map.entry("a", "4"), Map.entry("e", "5"));
      assertThat(load(room).alarms()).containsExactly(AlarmRow.at("y", 4));
      assertThat(load(room).version()).isEqualTo(100);
      assertThat(load(room).schema()).isEqualTo(6);
    }

    @Test
    void O2_a_gap_is_refused_with_its_chain_and_other_rooms_commit() throws Exception {
      next(room).put("a", "1").commit();
      sequences.put(room, 2L);
      var gap = next(room).put("a", "3").submit();
      var follower = next(room).put("a", "4").submit();
      var elsewhere = next(other).put("b", "1").submit();

      assertRefused(gap, Reason.SEQUENCE);
      assertRefused(follower, Reason.SEQUENCE);
      await(elsewhere);
      assertThat(keys(room)).containsExactly(Map.entry("a", "1"));
      assertThat(keys(other)).containsExactly(Map.entry("b", "1"));
      sequences.put(room, 1L);
      next(room).put("a", "2").commit();
      assertThat(keys(room)).containsExactly(Map.entry("a", "2"));
    }

    @Test
    void O2_a_sequence_that_was_used_is_refused() throws Exception {
      next(room).put("a", "1").commit();
      sequences.put(room, 0L);

      assertRefused(next(room).put("a", "again").submit(), Reason.SEQUENCE);
      assertThat(keys(room)).containsExactly(Map.entry("a", "1"));
    }

    @Test
    void O2_the_right_set_after_a_wrong_one_is_taken() throws Exception {
      sequences.put(room, 7L);
      var wrong = next(room).put("a", "wrong").submit();
      sequences.put(room, 0L);
      var right = next(room).put("a", "right").submit();

      assertRefused(wrong, Reason.SEQUENCE);
      await(right);
      assertThat(keys(room)).containsExactly(Map.entry("a", "right"));
    }

    @Test
    void O2_what_builds_on_a_refused_set_of_another_room_is_refused() throws Exception {
      Optional<RoomId> together =
          IntStream.rangeClosed(2, 9)
              .mapToObj(RoomStoreContract::room)
              .filter(each -> store.isTogether(room, each))
              .findFirst();
      if (together.isEmpty()) {
        // Each room has a queue of its own.
        assertThat(store.isTogether(room, room)).isTrue();
        return;
      }
      RoomId other = together.get();
      sequences.put(room, 7L);
      var wrong = next(room).put("a", "wrong").number(1).submit();
      var dependent = next(other).put("b", "1").number(2).after(1).submit();
      var follower = next(other).put("b", "2").submit();
      sequences.put(room, 0L);
      var third = next(room).put("a", "of the second").after(2).submit();

      assertRefused(wrong, Reason.SEQUENCE);
      assertRefused(dependent, Reason.ORDER);
      assertRefused(follower, Reason.SEQUENCE);
      assertRefused(third, Reason.ORDER);
      assertThat(load(other).sequence()).isZero();
      sequences.put(room, 0L);
      next(room).put("a", "right").number(4).commit();
      // In another batch too, and what it does not build on is no matter.
      sequences.put(other, 0L);
      assertRefused(next(other).put("b", "1").after(1, 4).submit(), Reason.ORDER);
      sequences.put(other, 0L);
      next(other).put("b", "3").after(4).commit();
      assertThat(keys(other)).containsExactly(Map.entry("b", "3"));
    }

    @Test
    void S5_another_epoch_is_refused_with_its_chain() throws Exception {
      var old = next(room).epoch(store.epoch() - 1).put("a", "1").submit();
      var follower = next(room).put("a", "2").submit();
      var future = next(other).epoch(store.epoch() + 1).put("b", "1").submit();

      assertRefused(old, Reason.EPOCH);
      assertRefused(follower, Reason.SEQUENCE);
      assertRefused(future, Reason.EPOCH);
      assertThat(load(room).sequence()).isZero();
    }
  }

  @Nested
  class When_it_is_asked_how_much_a_room_has {
    private final RoomId room = room(1);

    private void assertSize(long bytes, long keys) throws Exception {
      assertThat(load(room).size()).isEqualTo(new RoomSize(bytes, keys));
      assertThat(await(store.sizeWithout(room, List.of()))).isEqualTo(new RoomSize(bytes, keys));
    }

    @Test
    void S1_an_unknown_room_has_nothing() throws Exception {
      assertSize(0, 0);
    }

    @Test
    void S1_keys_count_by_their_UTF_8_bytes_and_values_by_theirs() throws Exception {
      next(room).put("a", "123").put("é€🐁", "").commit();
      assertSize(4 + 9, 2);
    }

    @Test
    void S1_what_is_overwritten_deleted_or_cleared_counts_no_more() throws Exception {
      next(room).put("a", "123").put("b", "1").put("c", "12345").commit();
      assertSize(3 + 9, 3);
      next(room).put("a", "1").delete("b").delete("never there").put("d", "").commit();
      assertSize(3 + 6, 3);
      next(room).put("b", "1").delete("d").commit();
      assertSize(3 + 7, 3);
      next(room).clear().put("a", "12").delete("b").commit();
      assertSize(3, 1);
      next(room).clear().commit();
      assertSize(0, 0);
    }

    @Test
    void S1_write_sets_in_a_row_add_up() throws Exception {
      List<CompletableFuture<Position>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        all.add(next(room).put("k" + i % 10, "x".repeat(i)).delete("k" + (i + 5) % 10).submit());
      }
      for (CompletableFuture<Position> each : all) {
        await(each);
      }
      // The last five are there, each with two bytes of key.
      assertSize(10 + 95 + 96 + 97 + 98 + 99, 5);
    }

    @Test
    void S1_a_set_that_says_it_is_believed_and_others_go_on_from_there() throws Exception {
      next(room).put("a", "123").size(4, 1).commit();
      next(room).put("b", "1").commit();
      next(room).delete("a").size(2, 1).commit();
      assertSize(2, 1);
    }

    @Test
    void S1_some_keys_may_be_left_out() throws Exception {
      next(room).put("a", "123").put("b", "1").commit();

      assertThat(await(store.sizeWithout(room, List.of("a", "never there"))))
          .isEqualTo(new RoomSize(2, 1));
    }

    @Test
    void S5_it_is_the_same_after_a_restart() throws Exception {
      next(room).put("a", "123").put("b", "1").commit();
      next(room).delete("a").commit();
      reopen();
      assertSize(2, 1);
    }
  }

  @Nested
  class When_a_room_is_large {
    private final RoomId room = room(1);

    private void fill(int keys, int bytes) throws Exception {
      Draft draft = next(room);
      IntStream.range(0, keys).forEach(i -> draft.put("k%05d".formatted(i), new byte[bytes]));
      draft.put("other", "o").commit();
    }

    @Test
    void S1_it_can_be_loaded_or_read_key_by_key() throws Exception {
      fill(5_000, 100);

      assertThat(keys(room)).hasSize(5_001).containsEntry("other", "o");
      assertThat(await(store.read(room, "k04999"))).isPresent();
      assertThat(await(store.read(room, "k05000"))).isEmpty();
      assertThat(await(store.read(room(2), "k04999"))).isEmpty();
    }

    @Test
    void S1_it_can_be_listed_in_both_directions_by_prefix_interval_and_limit() throws Exception {
      fill(3_000, 1);

      assertThat(list(room, KeyRange.all().limited(2))).containsExactly("k00000", "k00001");
      assertThat(list(room, KeyRange.all().reversed().limited(2)))
          .containsExactly("other", "k02999");
      assertThat(list(room, KeyRange.prefixed("k029"))).hasSize(100).startsWith("k02900");
      assertThat(list(room, KeyRange.prefixed("k029").reversed().limited(1)))
          .containsExactly("k02999");
      assertThat(list(room, KeyRange.prefixed("k").from("k02998")))
          .containsExactly("k02998", "k02999");
      assertThat(list(room, KeyRange.prefixed("k0").to("k00002").reversed()))
          .containsExactly("k00001", "k00000");
      assertThat(list(room, KeyRange.prefixed("k1"))).isEmpty();
      assertThat(list(room, KeyRange.prefixed("k").from("l"))).isEmpty();
      assertThat(list(room, KeyRange.all().from("p"))).isEmpty();
      assertThat(list(room(2), KeyRange.all())).isEmpty();
    }

    @Test
    void S1_a_listing_may_stop_at_a_size_but_not_before_it() throws Exception {
      fill(100, 1_000);

      List<Storage.Entry> some = await(store.list(room, KeyRange.all(), 10_000));
      long bytes = some.stream().mapToLong(e -> e.key().length() + e.value().length).sum();
      assertThat(bytes).isGreaterThanOrEqualTo(10_000);
      assertThat(some).extracting(Storage.Entry::key).startsWith("k00000", "k00001").isSorted();
      assertThat(await(store.list(room, KeyRange.all(), 1_000_000))).hasSize(101);
    }
  }

  @Nested
  class When_alarms_are_set {
    private final RoomId room = room("chat", 1, "lobby");

    private DueAlarms due(long now, int limit) throws Exception {
      return await(store.dueAlarms(now, limit));
    }

    @Test
    void A1_those_that_are_due_come_earliest_first_and_the_next_one_is_known() throws Exception {
      next(room).alarm(AlarmRow.at("b", 20)).alarm(AlarmRow.at("a", 30)).commit();
      next(room(2)).alarm(AlarmRow.at("c", 10)).alarm(AlarmRow.at("d", 40)).commit();

      DueAlarms due = due(30, 10);
      assertThat(due.alarms())
          .containsExactly(
              new DueAlarm(room(2), "c", 10),
              new DueAlarm(room, "b", 20),
              new DueAlarm(room, "a", 30));
      assertThat(due.next()).hasValue(40);
    }

    @Test
    void A2_they_come_in_pages() throws Exception {
      next(room).alarm(AlarmRow.at("a", 10)).alarm(AlarmRow.at("b", 20)).commit();
      next(room(2)).alarm(AlarmRow.at("c", 30)).commit();

      DueAlarms page = due(100, 2);
      assertThat(page.alarms()).extracting(DueAlarm::name).containsExactly("a", "b");
      assertThat(page.next()).hasValue(30);
      assertThat(due(100, 3).next()).isEmpty();
      assertThat(due(9, 3).alarms()).isEmpty();
      assertThat(due(9, 3).next()).hasValue(10);
    }

    @Test
    void I1_a_due_alarm_names_its_room() throws Exception {
      next(room).alarm(AlarmRow.at("a", 10)).commit();

      assertThat(due(10, 1).alarms().getFirst().room().name()).contains("lobby");
    }

    @Test
    void A1_a_moved_alarm_is_due_at_its_new_time_only_and_a_deleted_one_never() throws Exception {
      next(room).alarm(AlarmRow.at("a", 10)).alarm(AlarmRow.at("b", 11)).commit();
      next(room).alarm(AlarmRow.at("a", 50)).noAlarm("b").commit();

      assertThat(due(49, 10).alarms()).isEmpty();
      assertThat(due(50, 10).alarms()).containsExactly(new DueAlarm(room, "a", 50));
      assertThat(due(50, 10).next()).isEmpty();
    }

    @Test
    void A1_names_that_begin_with_U_0000_are_kept_apart() throws Exception {
      next(room)
          .alarm(AlarmRow.at("\0f/a", 5))
          .alarm(AlarmRow.at("\0f/b", 6))
          .alarm(AlarmRow.at("a", 7))
          .commit();
      next(room).alarm(AlarmRow.at("\0f/a", 8)).noAlarm("\0f/b").commit();

      assertThat(load(room).alarms())
          .containsExactlyInAnyOrder(AlarmRow.at("\0f/a", 8), AlarmRow.at("a", 7));
      assertThat(due(9, 10).alarms()).extracting(DueAlarm::name).containsExactly("a", "\0f/a");
    }

    @Test
    void A1_a_failed_alarm_is_due_when_its_back_off_ends_and_keeps_its_rows_numbers()
        throws Exception {
      AlarmRow failed = AlarmRow.at("a", 10).retry(60, 2);
      next(room).alarm(failed).commit();

      assertThat(due(59, 10).alarms()).isEmpty();
      assertThat(due(60, 10).alarms()).containsExactly(new DueAlarm(room, "a", 60));
      assertThat(load(room).alarms()).containsExactly(failed);
    }

    @Test
    void A1_a_parked_alarm_stays_visible_and_is_never_due() throws Exception {
      AlarmRow parked = AlarmRow.at("a", 10).parked(6);
      next(room).alarm(parked).commit();
      reopen();

      assertThat(due(Long.MAX_VALUE, 10).alarms()).isEmpty();
      assertThat(due(Long.MAX_VALUE, 10).next()).isEmpty();
      assertThat(load(room).alarms()).containsExactly(parked);
    }

    @Test
    void A3_a_restart_alarm_is_due_once_the_store_is_opened_again() throws Exception {
      next(room)
          .alarm(AlarmRow.atRestart("will"))
          .alarm(AlarmRow.at("later", now() + 1_000_000))
          .commit();
      assertThat(due(Long.MAX_VALUE, 10).alarms())
          .extracting(DueAlarm::name)
          .containsExactly("later");
      assertThat(load(room).alarms()).contains(AlarmRow.atRestart("will"));

      reopen();

      assertThat(due(now(), 10).alarms()).extracting(DueAlarm::name).containsExactly("will");
      AlarmRow will =
          load(room).alarms().stream()
              .filter(row -> row.name().equals("will"))
              .findAny()
              .orElseThrow();
      assertThat(will.state()).isEqualTo(Alarm.State.SET);
      assertThat(will.due()).isEqualTo(will.next()).isLessThanOrEqualTo(now());
      assertThat(will.attempt()).isZero();
    }

    @Test
    void A3_a_restart_alarm_that_was_deleted_or_replaced_is_not_due() throws Exception {
      long later = now() + 1_000_000;
      next(room).alarm(AlarmRow.atRestart("a")).alarm(AlarmRow.atRestart("b")).commit();
      next(room).noAlarm("a").alarm(AlarmRow.at("b", later)).commit();
      reopen();

      assertThat(due(now(), 10).alarms()).isEmpty();
      assertThat(due(now(), 10).next()).hasValue(later);
    }
  }

  @Nested
  class When_rooms_are_listed {

    private List<RoomId> rooms(@Nullable RoomId after, int limit) throws Exception {
      return await(store.rooms(SPACE, after, limit));
    }

    @Test
    void S6_they_come_in_order_of_their_ids_page_by_page() throws Exception {
      for (int first : new int[] {200, 3, 255, 127, 0, 128}) {
        next(room(first)).put("a", "1").commit();
      }
      next(room("docs", 5, null)).put("a", "1").commit();

      assertThat(rooms(null, 100))
          .containsExactly(room(0), room(3), room(127), room(128), room(200), room(255));
      assertThat(rooms(null, 2)).containsExactly(room(0), room(3));
      assertThat(rooms(room(3), 3)).containsExactly(room(127), room(128), room(200));
      assertThat(rooms(room(4), 1)).containsExactly(room(127));
      assertThat(rooms(room(255), 3)).isEmpty();
      assertThat(await(store.rooms("none", null, 3))).isEmpty();
    }

    @Test
    void S6_rooms_without_keys_and_alarms_are_left_out() throws Exception {
      next(room(1)).put("a", "1").commit();
      next(room(2)).alarm(AlarmRow.at("tick", 5)).commit();
      next(room(3)).put("a", "1").commit();
      next(room(3)).delete("a").commit();
      next(room(4)).put("a", "1").alarm(AlarmRow.at("tick", 5)).commit();
      next(room(4)).clear().commit();

      assertThat(rooms(null, 10)).containsExactly(room(1), room(2));
    }

    @Test
    void S2_a_room_that_was_emptied_keeps_its_numbers() throws Exception {
      next(room(3)).put("a", "1").numbers(1, 4).commit();
      next(room(3)).clear().numbers(2, 0).commit();
      reopen();

      assertThat(load(room(3)).sequence()).isEqualTo(2);
      assertThat(load(room(3)).version()).isEqualTo(2);
      assertThat(keys(room(3))).isEmpty();
    }

    @Test
    void I1_a_name_is_kept_from_the_first_write_on() throws Exception {
      RoomId named = room(SPACE, 1, "team/α");
      next(named).put("a", "1").commit();
      next(room(1)).put("a", "2").commit();
      reopen();

      assertThat(rooms(null, 1).getFirst().name()).contains("team/α");
      assertThat(load(room(1)).name()).isEqualTo("team/α");
    }
  }

  @Nested
  class When_rooms_are_found_by_marks {

    private List<Mark> marks(String prefix, @Nullable Mark after, int limit) throws Exception {
      return await(store.marks(prefix, after, limit));
    }

    private static String mark(String name) {
      return RoomStore.MARKS + name;
    }

    private static List<String> words(List<Mark> marks) {
      return marks.stream()
          .map(mark -> mark.name() + " " + mark.room().hex().substring(0, 2) + " " + note(mark))
          .toList();
    }

    private static String note(Mark mark) {
      return new String(mark.note(), UTF_8);
    }

    @Test
    void marks_come_in_order_of_their_names_and_then_of_their_rooms() throws Exception {
      next(room(3)).put(mark("f/open/b"), "3b").put(mark("f/open/a"), "3a").commit();
      next(room(200)).put(mark("f/open/a"), "200a").put(mark("f/ended/x"), "").commit();
      next(room(1)).put(mark("f/open/a"), "1a").put(mark("f/open/ä"), "1ä").commit();

      assertThat(words(marks("f/open/", null, 10)))
          .containsExactly(
              "f/open/a 01 1a",
              "f/open/a 03 3a",
              "f/open/a c8 200a",
              "f/open/b 03 3b",
              "f/open/ä 01 1ä");
      assertThat(words(marks("", null, 1))).containsExactly("f/ended/x c8 ");
      assertThat(marks("g", null, 10)).isEmpty();
    }

    @Test
    void a_page_begins_behind_the_mark_that_the_last_one_ended_with() throws Exception {
      for (int first : new int[] {200, 3, 1}) {
        next(room(first)).put(mark("f/a"), "").put(mark("f/b"), "").commit();
      }
      List<String> all = new ArrayList<>();
      Mark last = null;
      for (List<Mark> page = marks("f/", last, 2); !page.isEmpty(); page = marks("f/", last, 2)) {
        all.addAll(words(page));
        last = page.getLast();
      }

      assertThat(all)
          .containsExactly("f/a 01 ", "f/a 03 ", "f/a c8 ", "f/b 01 ", "f/b 03 ", "f/b c8 ");
    }

    @Test
    void only_keys_that_begin_as_marks_do_are_marks() throws Exception {
      next(room(1)).put("mark/a", "").put("\0marks/a", "").put("\0mark", "").put("a", "").commit();

      assertThat(marks("", null, 10)).isEmpty();
    }

    @Test
    void a_mark_that_is_changed_or_deleted_is_found_so_after_another_opening_too()
        throws Exception {
      next(room(1)).put(mark("f/a"), "old").put(mark("f/b"), "old").commit();
      next(room(1)).put(mark("f/a"), "new").delete(mark("f/b")).commit();
      next(room(2)).put(mark("f/c"), "").commit();
      next(room(2)).clear().commit();
      reopen();

      assertThat(words(marks("f/", null, 10))).containsExactly("f/a 01 new");
    }

    private List<String> counts(String prefix) throws Exception {
      return await(store.countMarks(prefix)).stream()
          .map(each -> each.folder() + " " + each.count() + " " + new String(each.least(), UTF_8))
          .toList();
    }

    @Test
    void they_are_counted_by_folder_with_the_least_of_their_notes() throws Exception {
      next(room(3)).put(mark("f/open/a/1"), "20").put(mark("f/open/a/2"), "11").commit();
      next(room(200)).put(mark("f/open/a/1"), "19").put(mark("f/ended/x"), "").commit();
      next(room(1)).put(mark("f/open/ä/1"), "\u00ff").put(mark("f/open/ä/b/"), "5").commit();
      next(room(1)).put(mark("f/open/ä/2"), "z").put(mark("none"), "7").commit();

      assertThat(counts("f/open/"))
          .containsExactly("f/open/a/ 3 11", "f/open/ä/ 2 z", "f/open/ä/b/ 1 5");
      assertThat(counts("f/open/a/2")).containsExactly("f/open/a/ 1 11");
      assertThat(counts(""))
          .containsExactly(
              " 1 7", "f/ended/ 1 ", "f/open/a/ 3 11", "f/open/ä/ 2 z", "f/open/ä/b/ 1 5");
      assertThat(counts("g")).isEmpty();
    }

    @Test
    void one_that_is_gone_is_not_counted() throws Exception {
      next(room(1)).put(mark("f/a"), "old").put(mark("f/b"), "1").commit();
      next(room(1)).put(mark("f/a"), "new").delete(mark("f/b")).commit();
      reopen();

      assertThat(counts("f/")).containsExactly("f/ 1 new");
    }

    @Test
    void I1_the_rooms_name_comes_with_it() throws Exception {
      next(room(SPACE, 1, "team/α")).put(mark("f/a"), "").commit();

      assertThat(marks("f/", null, 1).getFirst().room().name()).contains("team/α");
    }
  }

  @Nested
  class When_the_store_is_opened_again {
    private final RoomId room = room(1);

    @Test
    void S5_its_epoch_has_risen() throws Exception {
      long first = store.epoch();
      reopen();
      long second = store.epoch();
      reopen();

      assertThat(first).isPositive();
      assertThat(second).isGreaterThan(first);
      assertThat(store.epoch()).isGreaterThan(second);
    }

    @Test
    void everything_is_there_and_chains_go_on() throws Exception {
      next(room).put("a", "1").alarm(AlarmRow.at("tick", 5)).numbers(1, 2).commit();
      var submitted = next(room).put("b", "2").numbers(2, 2).submit();
      reopen();
      await(submitted);

      assertThat(keys(room)).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
      assertThat(load(room).alarms()).containsExactly(AlarmRow.at("tick", 5));
      assertThat(load(room).sequence()).isEqualTo(2);
      assertThat(load(room).schema()).isEqualTo(2);
      next(room).put("a", "3").commit();
      assertThat(keys(room)).containsEntry("a", "3");
    }

    @Test
    void S5_sets_of_the_opening_before_are_refused() throws Exception {
      long old = store.epoch();
      reopen();

      assertRefused(next(room).epoch(old).put("a", "1").submit(), Reason.EPOCH);
    }

    @Test
    void positions_still_grow() throws Exception {
      Position before = next(room).put("a", "1").commit();
      reopen();

      assertThat(next(room).put("a", "2").commit().value()).isGreaterThan(before.value());
    }
  }

  @Nested
  class When_the_store_is_closed {

    @Test
    void later_calls_fail_and_say_why() throws Exception {
      Draft late = next(room(1)).put("a", "1");
      store.close();

      assertThat(failure(late.submit())).hasMessageContaining("closed");
      assertThat(store.load(room(1))).isCompletedExceptionally();
      assertThat(store.read(room(1), "a")).isCompletedExceptionally();
      assertThat(store.list(room(1), KeyRange.all(), 1)).isCompletedExceptionally();
      assertThat(store.rooms(SPACE, null, 1)).isCompletedExceptionally();
      assertThat(store.marks("", null, 1)).isCompletedExceptionally();
      assertThat(store.dueAlarms(1, 1)).isCompletedExceptionally();
      store = open();
    }
  }
}
