package dev.dormouse.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a facility adds to rooms, and that their code notices nothing of it.
class FacilityTest {
  private static final String SPACE = "noted";

  /// What rooms of this test may ask of the facility.
  interface Notes {
    void note(String key, @Nullable String text);

    List<String> all();

    void alarm(String name, Duration delay);

    void tell(String room, String text);

    void mark(String name, @Nullable String note);
  }

  /// What a test has a room do.
  interface Does {
    String does(String what);
  }

  private final List<String> heard = new ArrayList<>();
  private @Nullable RuntimeException fault;
  private BiConsumer<RoomContext, Notes> alsoOnMessage = (context, notes) -> {};

  private final class NotesFacility implements Facility {
    @Override
    public String name() {
      return "notes";
    }

    @Override
    public Class<?> type() {
      return Notes.class;
    }

    @Override
    public Part join(FacilityRoom room) {
      return new NotesPart(room);
    }
  }

  private final class NotesPart implements Facility.Part, Notes {
    private final FacilityRoom room;

    NotesPart(FacilityRoom room) {
      this.room = room;
    }

    @Override
    public Object handle() {
      return this;
    }

    @Override
    public void onStart() {}

    @Override
    public void onAlarm(String name) {
      fail();
      heard.add(room.id() + " rang " + name);
      room.put("rang", name.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void onMessage(RoomId from, byte[] message) {
      fail();
      String text = new String(message, StandardCharsets.UTF_8);
      room.put("heard", message);
      heard.add(room.id() + " heard " + text + " from " + from);
    }

    @Override
    public void onFailed(RoomId from, byte[] message, Throwable failure) {
      heard.add(room.id() + " failed: " + failure.getMessage());
    }

    private void fail() {
      RuntimeException now = fault;
      if (now != null) {
        throw now;
      }
    }

    @Override
    public void note(String key, @Nullable String text) {
      if (text == null) {
        room.delete(key);
      } else {
        room.put(key, text.getBytes(StandardCharsets.UTF_8));
      }
    }

    @Override
    public List<String> all() {
      return room.list("", 100).stream().map(e -> e.key() + "=" + e.text()).toList();
    }

    @Override
    public void alarm(String name, Duration delay) {
      room.setAlarm(name, room.clock().instant().plus(delay).toEpochMilli());
    }

    @Override
    public void tell(String to, String text) {
      RoomId target = room.find(SPACE, to).orElseThrow();
      room.whenDurable(
          () -> assertThat(room.post(target, text.getBytes(StandardCharsets.UTF_8))).isTrue());
    }

    @Override
    public void mark(String name, @Nullable String note) {
      if (note == null) {
        room.unmark(name);
      } else {
        room.mark(name, note.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /// Does what it is told in a call, on its own storage and on the facility's.
  private final class NotedRoom implements Room, Does {
    private final RoomContext context;

    NotedRoom(RoomContext context) {
      this.context = context;
    }

    @Override
    public void onAlarm(Alarm alarm) {
      heard.add(context.id() + " got the alarm " + alarm.name());
    }

    @Override
    public String does(String what) {
      Notes notes = context.facility(Notes.class);
      Storage storage = context.storage();
      switch (what) {
        case "both" -> {
          storage.putText("own", "1");
          notes.note("a", "1");
        }
        case "note" -> notes.note("b", "2");
        case "clear" -> storage.deleteAll();
        case "clear and note" -> {
          storage.deleteAll();
          notes.note("c", "3");
          notes.note("a", null);
        }
        case "alarms" -> {
          notes.alarm("soon", Duration.ofSeconds(5));
          context.alarms().set("own", context.clock().instant().plusSeconds(5));
        }
        case "roll back" -> {
          try {
            storage.transaction(() -> {
              notes.note("d", "4");
              throw new Refusal.NotFound("on purpose");
            });
          } catch (Refusal.NotFound expected) {
            notes.note("e", "5");
          }
        }
        case "throw" -> {
          notes.note("f", "6");
          notes.tell("other", "never");
          throw new Refusal.NotFound("on purpose");
        }
        case "tell" -> notes.tell("other", "hello");
        default -> alsoOnMessage.accept(context, notes);
      }
      return storage.version()
          + " "
          + storage.list(KeyRange.all()).stream().map(Storage.Entry::key).toList()
          + " "
          + context.alarms().list().stream().map(Alarm::name).toList()
          + " "
          + notes.all();
    }
  }

  private RoomTester tester(int wholeKeys) {
    return RoomTester.of(Namespace.named(SPACE, NotedRoom::new).calls(Does.class).build())
        .facility(new NotesFacility())
        .wholeKeys(wholeKeys)
        .observer(RoomObserver.NONE);
  }

  private static String does(RoomTester t, String what) {
    return t.rooms().stub(Does.class, SPACE, "one").does(what);
  }

  @Nested
  class Rows_of_a_facility {
    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void S2_are_in_the_write_set_of_the_turn_and_do_not_move_the_version(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            does(t, "both");
            long before = t.disk().commits();

            assertThat(does(t, "note")).isEqualTo("1 [own] [] [a=1, b=2]");
            assertThat(t.disk().version(t.id(SPACE, "one"))).isEqualTo(1);
            assertThat(t.disk().commits()).isEqualTo(before + 1);
            assertThat(t.disk().keys(t.id(SPACE, "one")).keySet())
                .containsExactly("\0notes/a", "\0notes/b", "own");
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void S1_outlive_deleteAll_by_the_room(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            does(t, "both");
            does(t, "alarms");

            assertThat(does(t, "clear")).isEqualTo("2 [] [] [a=1]");
            assertThat(does(t, "clear and note")).isEqualTo("3 [] [] [c=3]");
            t.settle();
            assertThat(t.disk().keys(t.id(SPACE, "one")).keySet()).containsExactly("\0notes/c");
            assertThat(t.disk().alarms(t.id(SPACE, "one")))
                .extracting(AlarmRow::name)
                .containsExactly("\0notes/soon");
            t.crash();
            assertThat(does(t, "look")).isEqualTo("4 [] [] [c=3]");
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void T7_are_rolled_back_with_a_transaction(int wholeKeys) {
      tester(wholeKeys).run(t -> assertThat(does(t, "roll back")).isEqualTo("0 [] [] [e=5]"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void T3_and_messages_never_were_if_the_turn_throws(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            assertThatThrownBy(() -> does(t, "throw")).isInstanceOf(Refusal.NotFound.class);

            assertThat(does(t, "look")).isEqualTo("0 [] [] []");
            assertThat(heard).isEmpty();
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void S1_are_out_of_reach_of_the_rooms_code(int wholeKeys) {
      List<String> seen = new ArrayList<>();
      alsoOnMessage =
          (context, notes) -> {
            Storage storage = context.storage();
            for (KeyRange range :
                List.of(
                    KeyRange.prefixed("\0"),
                    KeyRange.all().from("\0notes/").to("\0z"),
                    KeyRange.all().reversed().from(""),
                    KeyRange.all().limited(1))) {
              storage.list(range).forEach(entry -> seen.add(entry.key()));
            }
            assertThatThrownBy(() -> storage.get("\0notes/a"))
                .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> storage.putText("\0notes/a", "mine"))
                .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> context.alarms().set("\0notes/x", context.clock().instant()))
                .isInstanceOf(IllegalArgumentException.class);
            assertThat(context.alarms().get("\0notes/soon")).isEmpty();
            assertThat(context.alarms().delete("\0notes/soon")).isFalse();
          };
      tester(wholeKeys)
          .run(t -> {
            does(t, "both");
            does(t, "alarms");
            does(t, "look");
            assertThat(seen).containsExactly("own", "own");
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void S6_keep_a_room_in_existence(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            does(t, "note");
            List<RoomId> rooms = new ArrayList<>();
            var _ = t.store().rooms(SPACE, null, 10).thenAccept(rooms::addAll);
            t.settle();
            assertThat(rooms).containsExactly(t.id(SPACE, "one"));
          });
    }
  }

  @Nested
  class Marks_of_a_facility {
    private List<String> marks(RoomTester t, String prefix) {
      List<String> found = new ArrayList<>();
      var _ =
          t.node()
              .marks("notes", prefix, null, 10)
              .thenAccept(
                  marks -> marks.forEach(mark -> found.add(mark.name() + " " + mark.room())));
      t.settle();
      return found;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void find_its_rooms_among_all_without_waking_them(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            t.rooms().stub(Notes.class, SPACE, "two").mark("open/b", "2");
            t.rooms().stub(Notes.class, SPACE, "one").mark("open/a", "1");
            t.rooms().stub(Notes.class, SPACE, "one").mark("ended/c", "3");
            t.crash();

            assertThat(marks(t, "open/")).containsExactly("open/a noted/one", "open/b noted/two");
            assertThat(t.node().awake()).isZero();
            t.rooms().stub(Notes.class, SPACE, "one").mark("open/a", null);
            assertThat(marks(t, "")).containsExactly("ended/c noted/one", "open/b noted/two");
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void are_no_rows_of_its_own_and_outlive_deleteAll_by_the_room(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            t.rooms().stub(Notes.class, SPACE, "one").mark("open/a", "1");

            assertThat(does(t, "clear")).isEqualTo("0 [] [] []");
            assertThat(marks(t, "open/")).containsExactly("open/a noted/one");
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void its_rows_can_be_read_as_of_the_last_commit(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            does(t, "both");
            t.crash();
            List<String> found = new ArrayList<>();
            var _ =
                t.node()
                    .durable(t.id(SPACE, "one"), "notes", "", 10)
                    .thenAccept(
                        rows -> rows.forEach(row -> found.add(row.key() + "=" + row.text())));
            t.settle();

            assertThat(found).containsExactly("a=1");
            assertThat(t.node().awake()).isZero();
          });
    }
  }

  @Nested
  class Calls_of_a_facility {
    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void reach_it_in_a_turn_of_the_room(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            t.rooms().stub(Notes.class, SPACE, "one").note("a", "1");

            assertThat(t.rooms().stub(Notes.class, SPACE, "one").all()).containsExactly("a=1");
            assertThat(t.disk().text(t.id(SPACE, "one"), "\0notes/a")).contains("1");
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void come_from_other_rooms_too(int wholeKeys) {
      alsoOnMessage =
          (context, notes) -> context.rooms().stub(Notes.class, SPACE, "other").note("from", "one");
      tester(wholeKeys)
          .run(t -> {
            does(t, "call");
            assertThat(t.rooms().stub(Notes.class, SPACE, "other").all())
                .containsExactly("from=one");
          });
    }
  }

  @Nested
  class Alarms_of_a_facility {
    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void A1_ring_for_it_and_not_for_the_room(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            does(t, "alarms");
            t.advance(Duration.ofSeconds(6));

            assertThat(heard)
                .containsExactlyInAnyOrder("noted/one rang soon", "noted/one got the alarm own");
            assertThat(t.disk().alarms(t.id(SPACE, "one"))).isEmpty();
            assertThat(does(t, "look")).isEqualTo("1 [] [] [rang=soon]");
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void A2_wake_a_room_that_sleeps_and_one_whose_process_died(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            does(t, "alarms");
            t.settle();
            t.crash();
            t.advance(Duration.ofSeconds(6));
            assertThat(heard).contains("noted/one rang soon");
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void are_tried_for_as_long_as_it_takes(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            does(t, "alarms");
            fault = new IllegalStateException("on purpose");
            t.advance(Duration.ofMinutes(20));
            assertThat(t.disk().alarms(t.id(SPACE, "one")))
                .extracting(AlarmRow::state)
                .containsExactly(Alarm.State.SET);
            fault = null;
            t.advance(Duration.ofSeconds(90));
            assertThat(heard).contains("noted/one rang soon");
          });
    }
  }

  @Nested
  class Messages_between_rooms {
    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void O1_leave_once_the_turn_is_durable_and_wake_their_receiver(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            // A read-only turn says nothing that would have to wait.
            alsoOnMessage =
                (context, notes) -> {
                  notes.note("x", "1");
                  notes.tell("other", "hello");
                };
            t.store().hold();
            t.execution().start("caller", () -> does(t, "speak"));
            t.settle();
            assertThat(heard).isEmpty();
            t.store().letAll();
            t.settle();
            assertThat(heard).containsExactly("noted/other heard hello from noted/one");
            assertThat(t.disk().text(t.id(SPACE, "other"), "\0notes/heard"))
                .isEqualTo(Optional.of("hello"));
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void T4_that_fail_are_told_so_in_a_turn_of_their_own(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            fault = new IllegalStateException("on purpose");
            does(t, "tell");
            t.settle();
            assertThat(heard).containsExactly("noted/other failed: on purpose");
            assertThat(t.disk().keys(t.id(SPACE, "other"))).isEmpty();
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void that_met_a_passing_trouble_are_left_to_their_sender(int wholeKeys) {
      tester(wholeKeys)
          .run(t -> {
            fault = new Refusal.StorageFull("on purpose");
            does(t, "tell");
            t.settle();
            assertThat(heard).isEmpty();
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_000})
  void a_facility_that_the_node_does_not_have_is_named(int wholeKeys) {
    alsoOnMessage =
        (context, notes) ->
            assertThatThrownBy(() -> context.facility(String.class))
                .hasMessageContaining("java.lang.String");
    tester(wholeKeys).run(t -> does(t, "look"));
  }
}
