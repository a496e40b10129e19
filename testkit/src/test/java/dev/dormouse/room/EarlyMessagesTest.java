package dev.dormouse.room;

import static dev.dormouse.room.OpenFacility.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.OpenFacility.Open;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// O7: a message that leaves ahead of its write, what comes of it, and what if the write fails.
class EarlyMessagesTest {
  private static final String SPACE = "open";

  /// What a test has a room do.
  interface Does {
    String does(String what);
  }

  private final List<String> heard = new ArrayList<>();
  private final List<String> answered = new ArrayList<>();
  private final Map<String, Consumer<FacilityRoom>> deeds = new HashMap<>();
  private BiConsumer<FacilityRoom, String> onMessage =
      (room, text) -> {
        heard.add(name(room.id()) + " heard " + text);
        room.put("heard", bytes(text));
      };

  EarlyMessagesTest() {
    deeds.put("write", room -> room.put("written", bytes("1")));
    deeds.put(
        "write and tell",
        room -> {
          room.put("written", bytes("1"));
          tell(room, "two", "hello");
        });
    deeds.put("tell", room -> tell(room, "two", "hello"));
  }

  private static String name(RoomId room) {
    return room.name().orElseThrow();
  }

  private static void tell(FacilityRoom room, String to, String text) {
    room.postAhead(room.find(SPACE, to).orElseThrow(), bytes(text));
  }

  /// The ways in which a write fails.
  static List<Verdict> failures() {
    return List.of(
        new Verdict.Rejected("on purpose"), new Verdict.Unknown(false), new Verdict.Unknown(true));
  }

  private final class OpenRoom implements Room, Does {
    private final RoomContext context;

    OpenRoom(RoomContext context) {
      this.context = context;
    }

    @Override
    public String does(String what) {
      switch (what) {
        case "sleep" -> context.sleep(Duration.ofSeconds(1));
        case "stay busy" ->
            context.critical(() -> {
              context.sleep(Duration.ofSeconds(1));
              return null;
            });
        case "tell in vain" -> {
          try {
            context
                .storage()
                .transaction(() -> {
                  tell(context.facility(Open.class).room(), "two", "hello");
                  throw new Refusal.NotFound("on purpose");
                });
          } catch (Refusal.NotFound expected) {
            context.storage().putText("after", "1");
          }
        }
        default -> deeds.getOrDefault(what, _ -> {}).accept(context.facility(Open.class).room());
      }
      return what;
    }
  }

  private void run(RoomTester.Scenario scenario) {
    RoomTester.of(Namespace.named(SPACE, OpenRoom::new).calls(Does.class).build())
        .facility(new OpenFacility(_ -> {}, (room, text) -> onMessage.accept(room, text)))
        .observer(RoomObserver.NONE)
        .run(scenario);
  }

  /// Has a room do something, without waiting for its answer.
  private void does(RoomTester t, String room, String what) {
    t.execution()
        .start(
            "caller",
            () -> {
              try {
                answered.add(room + " " + t.rooms().stub(Does.class, SPACE, room).does(what));
              } catch (RoomException e) {
                answered.add(room + " " + e.getClass().getSimpleName());
              }
            });
    t.settle();
  }

  private static boolean stored(RoomTester t, String room, String key) {
    return t.disk().text(t.id(SPACE, room), "\0open/" + key).isPresent();
  }

  private static void failing(RoomTester t, String room, Verdict failing) {
    t.store().faults(set -> name(set.room()).equals(room) ? failing : new Verdict.Durable());
  }

  @Test
  void O7_it_leaves_at_the_end_of_its_turn_and_what_comes_of_it_is_durable_no_earlier() {
    run(t -> {
      t.store().hold();
      does(t, "one", "write and tell");
      does(t, "two", "look");

      assertThat(heard).containsExactly("two heard hello");
      assertThat(answered).isEmpty();
      t.store().letOne();
      t.settle();
      assertThat(answered).containsExactly("one write and tell");
      assertThat(stored(t, "one", "written")).isTrue();
      assertThat(stored(t, "two", "heard")).isFalse();
      t.store().letAll();
      t.settle();
      assertThat(answered).containsExactly("one write and tell", "two look");
      assertThat(stored(t, "two", "heard")).isTrue();
    });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void O7_what_comes_of_it_fails_with_its_write(Verdict how) {
    run(t -> {
      t.store().hold();
      failing(t, "one", how);
      does(t, "one", "write and tell");
      does(t, "two", "look");
      t.store().letAll();
      t.settle();

      assertThat(answered).containsExactlyInAnyOrder("one RoomReset", "two RoomReset");
      assertThat(stored(t, "two", "heard")).isFalse();
      // Both go on.
      t.store().faults(_ -> new Verdict.Durable());
      does(t, "two", "write");
      assertThat(answered).contains("two write");
      assertThat(stored(t, "two", "written")).isTrue();
    });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void O7_from_room_to_room(Verdict how) {
    onMessage =
        (room, text) -> {
          room.put("heard", bytes(text));
          if (name(room.id()).equals("two")) {
            tell(room, "three", "hello from two");
          }
        };
    run(t -> {
      t.store().hold();
      failing(t, "one", how);
      does(t, "one", "write and tell");
      does(t, "three", "look");
      t.store().letAll();
      t.settle();

      assertThat(answered).containsExactlyInAnyOrder("one RoomReset", "three RoomReset");
      assertThat(stored(t, "two", "heard")).isFalse();
      assertThat(stored(t, "three", "heard")).isFalse();
    });
  }

  @Test
  void O7_who_writes_nothing_of_it_waits_too() {
    onMessage = (room, text) -> heard.add(text);
    run(t -> {
      t.store().hold();
      failing(t, "one", new Verdict.Rejected("on purpose"));
      does(t, "one", "write and tell");
      does(t, "two", "look");
      assertThat(heard).containsExactly("hello");
      assertThat(answered).isEmpty();
      t.store().letAll();
      t.settle();
      assertThat(answered).containsExactlyInAnyOrder("one RoomReset", "two RoomReset");
    });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void O7_a_turn_that_writes_nothing_speaks_for_those_before_it(Verdict how) {
    run(t -> {
      t.store().hold();
      failing(t, "one", how);
      does(t, "one", "write");
      does(t, "one", "tell");
      does(t, "two", "look");
      assertThat(heard).containsExactly("two heard hello");
      t.store().letAll();
      t.settle();
      assertThat(answered)
          .containsExactlyInAnyOrder("one RoomReset", "one RoomReset", "two RoomReset");
      assertThat(stored(t, "two", "heard")).isFalse();
    });
  }

  @Test
  void O7_it_costs_no_write_where_none_is_under_way() {
    run(t -> {
      long before = t.disk().commits();
      does(t, "one", "tell");
      assertThat(heard).containsExactly("two heard hello");
      assertThat(t.disk().commits()).isEqualTo(before + 1);
    });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void O7_it_is_dropped_where_its_write_has_failed_before_it_is_taken(Verdict how) {
    run(t -> {
      does(t, "two", "stay busy");
      failing(t, "one", how);
      does(t, "one", "write and tell");
      assertThat(answered).containsExactlyInAnyOrder("one RoomReset");
      t.advance(Duration.ofSeconds(2));
      assertThat(answered).containsExactlyInAnyOrder("one RoomReset", "two stay busy");
      assertThat(heard).isEmpty();
      assertThat(t.disk().keys(t.id(SPACE, "two"))).isEmpty();
    });
  }

  @Test
  void O7_it_waits_for_its_write_where_the_store_keeps_no_order_between_the_rooms() {
    run(t -> {
      t.store().apart();
      t.store().hold();
      does(t, "one", "write and tell");
      assertThat(heard).isEmpty();
      t.store().letAll();
      t.settle();
      assertThat(heard).containsExactly("two heard hello");
    });
  }

  @Test
  void T7_it_never_was_if_its_transaction_or_its_turn_is_taken_back() {
    deeds.put(
        "throw",
        room -> {
          tell(room, "two", "hello");
          throw new Refusal.NotFound("on purpose");
        });
    run(t -> {
      does(t, "one", "throw");
      does(t, "one", "tell in vain");
      assertThat(answered).containsExactly("one NotFound", "one tell in vain");
      assertThat(heard).isEmpty();
    });
  }
}
