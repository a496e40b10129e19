package dev.dormouse.room;

import static dev.dormouse.room.Script.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.FakeSockets;
import dev.dormouse.testkit.MemoryConnectionRecords;
import dev.dormouse.testkit.MemoryRoomStore;
import dev.dormouse.testkit.RoomTester;
import dev.dormouse.testkit.SerialCodec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A2: very many alarms are due at a start.
class AlarmPagesTest {
  private static final int PER_ROOM = 1_000;

  private final Script script =
      new Script()
          .does(
              "many",
              cue -> {
                for (int i = 0; i < PER_ROOM; i++) {
                  cue.alarms().set("a" + i, cue.context().clock().instant().plusSeconds(1));
                }
              })
          .does(
              "one", cue -> cue.alarms().set("a", cue.context().clock().instant().plusSeconds(1)));

  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> rung = new ArrayList<>();

  private static void tell(RoomTester t, String room, String deed) {
    t.request(ROOM, room, HttpCall.of("GET", deed));
  }

  /// Another process on the same disk, in which the rooms only say that an alarm rang.
  private RoomNode started(RoomTester t, String namespace) {
    Namespace declared =
        Namespace.named(
                namespace,
                context ->
                    new Room() {
                      @Override
                      public void onAlarm(Alarm alarm) {
                        rung.add(context.id() + " " + alarm.name());
                      }
                    })
            .build();
    RoomNode node =
        RoomNode.builder()
            .namespaces(List.of(declared))
            .store(counted(new MemoryRoomStore(t.execution(), t.disk())))
            .records(new MemoryConnectionRecords(t.execution()))
            .sockets(new FakeSockets())
            .execution(t.execution())
            .codec(new SerialCodec())
            .idKey(new byte[32])
            .observer(RoomObserver.NONE)
            .build();
    t.advance(Duration.ofSeconds(5));
    node.start();
    return node;
  }

  private RoomStore counted(RoomStore store) {
    return (RoomStore)
        Proxy.newProxyInstance(
            RoomStore.class.getClassLoader(),
            new Class<?>[] {RoomStore.class},
            (_, method, arguments) -> {
              if (method.getName().equals("dueAlarms")) {
                asked.incrementAndGet();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  @Test
  void A2_the_store_is_asked_once_for_many_of_them() {
    script.play(
        1,
        t -> {
          int rooms = 10;
          for (int i = 0; i < rooms; i++) {
            tell(t, "r" + i, "many");
          }
          t.store().crash();
          RoomNode node = started(t, ROOM);
          t.advance(Duration.ofSeconds(5));
          assertThat(rung).doesNotHaveDuplicates().hasSize(rooms * PER_ROOM);
          assertThat(node.alarmsRung()).isEqualTo((long) rooms * PER_ROOM);
          assertThat(node.alarmsInFlight()).isZero();
          assertThat(asked.get()).isLessThanOrEqualTo(5);
          assertThat(node.stop(Duration.ofSeconds(1))).isTrue();
        });
  }

  @Test
  void A2_a_room_that_wakes_for_its_alarm_does_not_have_the_store_asked_again() {
    script.play(
        1,
        t -> {
          int rooms = 300;
          for (int i = 0; i < rooms; i++) {
            tell(t, "r" + i, "one");
          }
          t.store().crash();
          RoomNode node = started(t, ROOM);
          t.advance(Duration.ofSeconds(5));
          assertThat(rung).hasSize(rooms);
          assertThat(asked.get()).isLessThanOrEqualTo(2);
          assertThat(node.stop(Duration.ofSeconds(1))).isTrue();
        });
  }

  @Test
  void A2_those_of_undeclared_namespaces_hinder_nobody_however_many_they_are() {
    script.play(
        1,
        t -> {
          for (int i = 0; i < 5; i++) {
            tell(t, "r" + i, "many");
          }
          t.store().crash();
          RoomId declared = RoomId.of("other", new byte[RoomId.BYTES], "one");
          long later = t.execution().millis() + 2_000;
          MemoryRoomStore before = new MemoryRoomStore(t.execution(), t.disk());
          var _ =
              before.commit(
                  new WriteSet(
                      declared,
                      before.epoch(),
                      1,
                      1,
                      0,
                      false,
                      KeyOrder.newMap(),
                      List.of(new WriteSet.PutAlarm(AlarmRow.at("late", later)))));
          t.settle();
          before.crash();
          RoomNode node = started(t, "other");
          t.advance(Duration.ofSeconds(5));
          assertThat(rung).containsExactly("other/one late");
          assertThat(node.stop(Duration.ofSeconds(1))).isTrue();
        });
  }
}
