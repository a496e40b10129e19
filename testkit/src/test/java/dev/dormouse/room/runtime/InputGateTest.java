package dev.dormouse.room.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.InputGate.Baton;
import dev.dormouse.room.runtime.InputGate.Next;
import dev.dormouse.testkit.FakeSockets;
import dev.dormouse.testkit.MemoryConnectionRecords;
import dev.dormouse.testkit.MemoryDisk;
import dev.dormouse.testkit.MemoryRoomStore;
import dev.dormouse.testkit.SeededExecution;
import dev.dormouse.testkit.SerialCodec;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// T1, T2: who goes next.
class InputGateTest {
  private final InputGate gate = new InputGate();
  private final Baton first = new Baton();
  private final Item one = new Item.AlarmDue("one");
  private final Item two = new Item.AlarmDue("two");

  /// A handler with a baton of its own.
  private static Activation handler() {
    var execution = new SeededExecution(1);
    Namespace namespace = Namespace.named("room", _ -> new Room() {}).build();
    RoomNode node =
        RoomNode.builder()
            .namespaces(List.of(namespace))
            .store(new MemoryRoomStore(execution, new MemoryDisk()))
            .records(new MemoryConnectionRecords(execution))
            .sockets(new FakeSockets())
            .execution(execution)
            .codec(new SerialCodec())
            .idKey(new byte[32])
            .build();
    RoomHost host = new RoomHost(node, RoomId.of("room", new byte[32], null), namespace);
    return new Activation(
        host,
        new Incarnation(host),
        new Baton(),
        new Activation.Asker.Nobody(),
        CallChain.NONE,
        null,
        false);
  }

  @Test
  void T1_events_go_in_the_order_of_their_arrival() {
    gate.arrive(one);
    gate.arrive(two);
    gate.take(first);
    assertThat(gate.next(true)).isEqualTo(new Next.Handle(one));
    assertThat(gate.queued()).isEqualTo(1);
    assertThat(gate.next(true)).isEqualTo(new Next.Handle(two));
    assertThat(gate.isHeldBy(first)).isTrue();
    assertThat(gate.next(true)).isEqualTo(new Next.Rest());
    assertThat(gate.isOpen()).isTrue();
    assertThat(gate.hasWaiting()).isFalse();
  }

  @Test
  void T1_an_event_that_is_put_back_goes_before_all_others() {
    gate.arrive(one);
    gate.arrive(two);
    gate.take(first);
    assertThat(gate.next(true)).isEqualTo(new Next.Handle(one));
    gate.putBack(one);
    assertThat(gate.next(true)).isEqualTo(new Next.Handle(one));
  }

  @Test
  void T1_only_one_holds_the_baton() {
    gate.take(first);
    assertThat(gate.isOpen()).isFalse();
    assertThat(catchThrowable(() -> gate.take(new Baton())))
        .isInstanceOf(IllegalStateException.class);
    assertThat(gate.isHeldBy(new Baton())).isFalse();
  }

  @Nested
  class A_handler_that_comes_back {
    private final Activation suspended = handler();
    private final Activation other = handler();

    @Test
    void T2_enters_an_open_gate_at_once() {
      assertThat(gate.returns(suspended, true)).isTrue();
      assertThat(gate.isHeldBy(suspended.baton)).isTrue();
    }

    @Test
    void T2_waits_at_a_gate_that_is_held_and_goes_before_new_events_in_order_of_return() {
      gate.take(first);
      gate.arrive(one);
      assertThat(gate.returns(suspended, true)).isFalse();
      assertThat(gate.returns(other, true)).isFalse();
      assertThat(gate.next(true)).isEqualTo(new Next.Resume(suspended));
      assertThat(gate.isHeldBy(suspended.baton)).isTrue();
      assertThat(gate.isHeldBy(first)).isFalse();
      assertThat(gate.next(true)).isEqualTo(new Next.Resume(other));
      assertThat(gate.next(true)).isEqualTo(new Next.Handle(one));
      assertThat(gate.isHeldBy(other.baton)).isTrue();
    }

    @Test
    void T2_waits_while_the_room_takes_nobody_and_is_readmitted_later() {
      assertThat(gate.returns(suspended, false)).isFalse();
      gate.take(first);
      assertThat(gate.next(false)).isEqualTo(new Next.Rest());
      assertThat(gate.isOpen()).isTrue();
      assertThat(gate.hasWaiting()).isTrue();
      assertThat(gate.readmit()).isSameAs(suspended);
      assertThat(gate.isHeldBy(suspended.baton)).isTrue();
    }

    @Test
    void T5_is_forgotten_when_its_incarnation_ends() {
      gate.take(first);
      assertThat(gate.returns(suspended, true)).isFalse();
      gate.forgetResumed();
      assertThat(gate.next(true)).isEqualTo(new Next.Rest());
      assertThat(gate.readmit()).isNull();
      assertThat(gate.isOpen()).isTrue();
    }
  }

  @Test
  void T5_the_baton_can_be_taken_away_from_who_is_stuck() {
    gate.take(first);
    gate.open();
    Baton second = new Baton();
    gate.take(second);
    assertThat(gate.isHeldBy(first)).isFalse();
    assertThat(gate.isHeldBy(second)).isTrue();
  }

  @Test
  void waiting_events_can_be_picked_out_in_order() {
    gate.arrive(one);
    gate.arrive(two);
    gate.remove(one::equals);
    gate.take(first);
    assertThat(gate.next(true)).isEqualTo(new Next.Handle(two));
    assertThat(gate.next(true)).isEqualTo(new Next.Rest());
  }
}
