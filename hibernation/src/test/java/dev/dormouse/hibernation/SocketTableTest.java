package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets.Intake;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SocketTableTest {
  private static final CloseStatus DONE = new CloseStatus(1000, "done");

  private final RoomId hall = room(1);
  private final RoomId attic = room(2);
  private final List<String> events = new ArrayList<>();
  private final SocketTable table =
      new SocketTable(
          List.of(),
          new ManualExecution(),
          refusal -> Message.of("refused: " + refusal.getMessage()));

  /// What the room side answers to a message.
  private Supplier<Intake> intake = () -> Intake.OPEN;

  private static RoomId room(int number) {
    byte[] bytes = new byte[RoomId.BYTES];
    bytes[7] = (byte) number;
    return RoomId.of("test", bytes, "room" + number);
  }

  @BeforeEach
  void connect() {
    table.postTo((room, event) -> {
      String where = room.name().orElseThrow() + " ";
      return switch (event) {
        case Event.Opened _ -> note(where + "opened");
        case Event.Received(_, Message.Text text) -> {
          note(where + "received " + text.text());
          yield intake.get();
        }
        case Event.Failed(_, Throwable failure) -> note(where + "failed " + failure.getMessage());
        case Event.Closed(_, CloseStatus status) -> note(where + "closed " + status.code());
        default -> note(where + event.getClass().getSimpleName());
      };
    });
  }

  private Intake note(String event) {
    events.add(event);
    return Intake.OPEN;
  }

  private static Admission.Accepted accept() {
    return Admission.accept();
  }

  private static Effect send(long connection, String text) {
    return new Effect.Send(connection, Message.of(text));
  }

  private static Effect broadcast(@Nullable String tag, String text, Long... except) {
    return new Effect.Broadcast(tag, Message.of(text), Set.of(except));
  }

  private static Effect join(long connection, String... tags) {
    return new Effect.Join(connection, Set.of(tags));
  }

  private void apply(Effect... effects) {
    table.apply(hall, List.of(effects));
  }

  /// A socket with one connection to the hall, which has joined.
  private final class Client {
    final FakeWire wire = new FakeWire();
    final ClientSocket socket = table.open(wire);
    final long key;

    Client(String... tags) {
      key = socket.attach(hall, accept());
      apply(join(key, tags));
    }
  }

  @Nested
  class A_batch_of_effects {
    @Test
    void O4_is_applied_in_order_and_each_connection_flushed_once() {
      Client a = new Client();
      Client b = new Client();

      apply(send(a.key, "1"), send(b.key, "2"), broadcast(null, "3"), send(a.key, "4"));

      assertThat(a.wire.taken()).containsExactly("1+", "3+", "4");
      assertThat(b.wire.taken()).containsExactly("2+", "3");
    }

    @Test
    void goes_on_when_one_effect_fails() {
      Client a = new Client();
      table.ask(
          hall,
          new Answers() {
            @Override
            public void reply(HttpReply reply) {
              throw new IllegalStateException("a bug");
            }
          },
          number -> {
            apply(
                send(a.key, "before"),
                new Effect.Reply(number, HttpReply.text(200, "")),
                send(a.key, "after"));
            return new Event.Requested(number, HttpCall.of("GET", ""));
          });

      assertThat(a.wire.taken()).containsExactly("before+", "after");
    }

    @Test
    void leaves_nothing_behind_for_the_next_one() {
      Client a = new Client();

      apply(send(a.key, "1"));
      apply(send(a.key, "2"));

      assertThat(a.wire.taken()).containsExactly("1", "2");
    }
  }

  @Nested
  class A_broadcast {
    @Test
    void O4_reaches_exactly_those_who_are_in_at_its_place() {
      Client first = new Client();
      FakeWire late = new FakeWire();
      long lateKey = table.open(late).attach(hall, accept());

      apply(
          broadcast(null, "1"),
          join(lateKey),
          broadcast(null, "2"),
          new Effect.Close(first.key, DONE),
          broadcast(null, "3"));

      assertThat(first.wire.taken()).containsExactly("1+", "2", "close 1000");
      assertThat(late.taken()).containsExactly("2+", "3");
    }

    @Test
    void reaches_a_tag_as_it_stands_at_its_place() {
      Client red = new Client("red", "warm");
      Client blue = new Client("blue");

      apply(
          broadcast("red", "1"),
          broadcast("warm", "2"),
          new Effect.Retag(red.key, Set.of("blue")),
          broadcast("red", "3"),
          broadcast("blue", "4"));

      assertThat(red.wire.taken()).containsExactly("1+", "2+", "4");
      assertThat(blue.wire.taken()).containsExactly("4");
    }

    @Test
    void leaves_out_whom_it_excepts() {
      Client a = new Client("t");
      Client b = new Client("t");

      apply(broadcast(null, "1", a.key), broadcast("t", "2", b.key));

      assertThat(a.wire.taken()).containsExactly("2");
      assertThat(b.wire.taken()).containsExactly("1");
    }

    @Test
    void of_a_room_without_connections_reaches_nobody() {
      apply(broadcast(null, "1"), broadcast("t", "2"));

      assertThat(table.counters().dropped.sum()).isZero();
    }

    @Test
    void stays_in_its_room() {
      FakeWire upstairs = new FakeWire();
      long key = table.open(upstairs).attach(attic, accept());
      table.apply(attic, List.of(join(key)));

      apply(broadcast(null, "1"));

      assertThat(upstairs.taken()).isEmpty();
    }
  }

  @Nested
  class When_a_socket_is_gone {
    @Test
    void its_room_is_told_once_and_sends_are_dropped_and_counted() {
      Client a = new Client();

      a.socket.closed(DONE, null);
      a.socket.closed(new CloseStatus(4000, ""), null);
      apply(send(a.key, "too late"), broadcast(null, "too late"));

      assertThat(events).containsExactly("room1 opened", "room1 closed 1000");
      assertThat(a.wire.taken()).isEmpty();
      assertThat(table.counters().dropped.sum()).isEqualTo(2);
    }

    @Test
    void what_broke_it_is_told_before_its_end() {
      Client a = new Client();

      a.socket.closed(new CloseStatus(1006, ""), new IOException("a shark"));

      assertThat(events)
          .containsExactly("room1 opened", "room1 failed a shark", "room1 closed 1006");
    }

    @Test
    void C5_a_room_that_does_not_care_only_hears_that_it_left() {
      long key = table.open(new FakeWire()).attach(hall, accept().leavingQuietly());
      FakeWire wire = new FakeWire();
      ClientSocket broken = table.open(wire);
      broken.attach(hall, accept().leavingQuietly());
      broken.closed(new CloseStatus(1006, ""), new IOException("a shark"));

      assertThat(events).containsExactly("room1 opened", "room1 opened", "room1 Left");
      apply(new Effect.Leave(key));
      assertThat(table.connections()).isEqualTo(1);
    }

    @Test
    void it_is_forgotten_when_the_room_has_taken_leave() {
      Client a = new Client("t");
      assertThat(table.sockets()).isEqualTo(1);

      a.socket.closed(DONE, null);
      assertThat(table.sockets()).isZero();
      assertThat(table.connections()).isEqualTo(1);
      apply(new Effect.Leave(a.key), new Effect.Leave(a.key));

      assertThat(table.connections()).isZero();
      apply(broadcast(null, "1"), broadcast("t", "2"));
      assertThat(table.counters().dropped.sum()).isZero();
    }
  }

  @Nested
  class When_the_room_closes_a_connection {
    @Test
    void C5_the_room_hears_of_its_end_when_the_handshake_is_over() {
      Client a = new Client();

      apply(new Effect.Close(a.key, DONE));
      assertThat(a.wire.taken()).containsExactly("close 1000");
      assertThat(events).containsExactly("room1 opened");

      a.socket.closed(DONE, null);
      assertThat(events).containsExactly("room1 opened", "room1 closed 1000");
    }

    @Test
    void messages_that_were_on_their_way_are_dropped_and_reading_goes_on() {
      Client a = new Client();

      apply(new Effect.Close(a.key, DONE));

      assertThat(a.socket.received(a.key, Message.of("too late"))).isTrue();
      assertThat(events).containsExactly("room1 opened");
    }
  }

  @Nested
  class A_socket_with_several_connections {
    private final FakeWire wire = new FakeWire();
    private final ClientSocket socket = table.open(wire);
    private long down;
    private long up;

    @BeforeEach
    void join_both() {
      down = socket.attach(hall, accept());
      up = socket.attach(attic, accept());
      table.apply(hall, List.of(join(down)));
      table.apply(attic, List.of(join(up)));
    }

    @Test
    void C1_hears_each_of_its_rooms() {
      table.apply(hall, List.of(broadcast(null, "from the hall")));
      table.apply(attic, List.of(send(up, "from the attic")));

      assertThat(wire.taken()).containsExactly("from the hall", "from the attic");
    }

    @Test
    void C1_speaks_to_the_room_of_the_connection() {
      socket.received(down, Message.of("a"));
      socket.received(up, Message.of("b"));

      assertThat(events)
          .containsExactly("room1 opened", "room2 opened", "room1 received a", "room2 received b");
    }

    @Test
    void C1_stays_open_until_the_last_is_closed() {
      table.apply(hall, List.of(new Effect.Close(down, DONE)));
      assertThat(wire.taken()).isEmpty();
      assertThat(events).endsWith("room1 closed 1000");

      table.apply(attic, List.of(send(up, "still here"), new Effect.Close(up, DONE)));
      assertThat(wire.taken()).containsExactly("still here", "close 1000");

      socket.closed(DONE, null);
      assertThat(events).endsWith("room2 closed 1000");
    }

    @Test
    void C1_may_let_go_of_one_by_itself() {
      socket.detach(up, DONE);

      assertThat(events).endsWith("room2 closed 1000");
      assertThat(wire.taken()).isEmpty();
      table.apply(hall, List.of(send(down, "still here")));
      assertThat(wire.taken()).containsExactly("still here");
    }

    @Test
    void C1_takes_all_with_it_when_it_is_gone() {
      socket.closed(new CloseStatus(1001, ""), null);

      assertThat(events).endsWith("room1 closed 1001", "room2 closed 1001");
    }

    @Test
    void a_connection_that_comes_too_late_ends_at_once() {
      socket.closed(DONE, null);
      events.clear();

      socket.attach(hall, accept());

      assertThat(events).containsExactly("room1 opened", "room1 closed 1006");
    }

    @Test
    void keys_are_never_used_again() {
      assertThat(down).isNotEqualTo(up);
      table.apply(hall, List.of(new Effect.Leave(down)));

      assertThat(socket.attach(hall, accept())).isNotIn(down, up);
    }
  }

  @Nested
  class A_room_that_is_behind {
    @Test
    void O6_stops_the_reading_until_it_resumes() {
      Client a = new Client();
      intake = () -> Intake.PAUSE;

      assertThat(a.socket.received(a.key, Message.of("x"))).isFalse();
      assertThat(a.wire.taken()).isEmpty();
      table.resume(hall);
      assertThat(a.wire.taken()).containsExactly("read on");

      table.resume(hall);
      assertThat(a.wire.taken()).isEmpty();
    }

    @Test
    void O6_that_resumes_before_its_answer_is_heard_is_read_on() {
      Client a = new Client();
      intake =
          () -> {
            table.resume(hall);
            return Intake.PAUSE;
          };

      assertThat(a.socket.received(a.key, Message.of("x"))).isTrue();
    }

    @Test
    void O6_forgets_sockets_that_are_gone() {
      Client a = new Client();
      intake = () -> Intake.PAUSE;
      a.socket.received(a.key, Message.of("x"));

      a.socket.closed(DONE, null);
      table.resume(hall);

      assertThat(a.wire.taken()).isEmpty();
    }

    @Test
    void O6_does_not_stop_other_rooms() {
      Client a = new Client();
      FakeWire upstairs = new FakeWire();
      ClientSocket other = table.open(upstairs);
      long key = other.attach(attic, accept());
      intake = () -> Intake.PAUSE;
      a.socket.received(a.key, Message.of("x"));
      other.received(key, Message.of("x"));

      table.resume(attic);

      assertThat(upstairs.taken()).containsExactly("read on");
      assertThat(a.wire.taken()).isEmpty();
    }
  }

  @Nested
  class A_refusal {
    @Test
    void S3_is_told_to_those_who_asked_for_it() {
      FakeWire wire = new FakeWire();
      long platform =
          table.open(wire).attach(hall, accept().speaking(SocketTable.PLATFORM_PROTOCOL));
      Client plain = new Client();

      apply(
          new Effect.Tell(platform, new Refusal.NotFound("no such thing")),
          new Effect.Tell(plain.key, new Refusal.NotFound("no such thing")));

      assertThat(wire.taken()).containsExactly("refused: no such thing");
      assertThat(plain.wire.taken()).isEmpty();
    }
  }

  @Nested
  class Someone_who_waits_for_an_answer {
    @Test
    void gets_it_once() {
      Answers answers = new Answers();
      table.ask(hall, answers, number -> new Event.Requested(number, HttpCall.of("GET", "")));

      apply(
          new Effect.Reply(1, HttpReply.text(200, "first")),
          new Effect.Reply(1, HttpReply.text(200, "second")));

      assertThat(answers.log).containsExactly("first");
    }

    @Test
    void is_declined_at_once_when_no_room_can_be_asked() {
      table.postTo((_, _) -> {
        throw new RoomException.GoingAway("stopping");
      });
      Answers answers = new Answers();

      table.ask(hall, answers, number -> new Event.Requested(number, HttpCall.of("GET", "")));

      assertThat(answers.log).containsExactly("declined: stopping");
    }

    @Test
    void H5_is_declined_when_the_server_stops_and_rooms_hear_nothing_more() {
      Answers answers = new Answers();
      Client a = new Client();
      table.ask(hall, answers, number -> new Event.Requested(number, HttpCall.of("GET", "")));
      events.clear();

      table.silence(new RoomException.GoingAway("stopping"));
      a.socket.closed(DONE, null);
      a.socket.received(a.key, Message.of("x"));

      assertThat(answers.log).containsExactly("declined: stopping");
      assertThat(events).isEmpty();
    }
  }

  /// Writes down its answer.
  private static class Answers implements Exchange {
    final List<String> log = new ArrayList<>();

    @Override
    public void admit(Admission admission) {
      log.add("admitted");
    }

    @Override
    public void reply(HttpReply reply) {
      log.add(reply.text());
    }

    @Override
    public void decline(RoomException error) {
      log.add("declined: " + error.getMessage());
    }
  }
}
