package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.Event;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets;
import dev.dormouse.testkit.MemoryConnectionRecords;
import dev.dormouse.testkit.MemoryDisk;
import dev.dormouse.testkit.MemoryRoomStore;
import dev.dormouse.testkit.RoomTester;
import dev.dormouse.testkit.SeededExecution;
import dev.dormouse.testkit.SerialCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// I1: the ids of rooms.
class IdsTest {
  private final Rooms rooms = rooms((byte) 1);

  private static Rooms rooms(byte keyByte) {
    byte[] key = new byte[32];
    Arrays.fill(key, keyByte);
    var execution = new SeededExecution(1);
    return RoomNode.builder()
        .namespaces(
            List.of(
                Namespace.named("chat", _ -> new Room() {}).build(),
                Namespace.named("chat2", _ -> new Room() {}).build()))
        .store(new MemoryRoomStore(execution, new MemoryDisk()))
        .records(new MemoryConnectionRecords(execution))
        .sockets(new FakeSockets())
        .execution(execution)
        .codec(new SerialCodec())
        .idKey(key)
        .build()
        .rooms();
  }

  @Nested
  class From_a_name {

    @Test
    void I1_the_same_name_gives_the_same_id_under_the_same_key_only() {
      assertThat(rooms.idFromName("chat", "lobby")).isEqualTo(rooms.idFromName("chat", "lobby"));
      assertThat(rooms.idFromName("chat", "lobby"))
          .isEqualTo(rooms((byte) 1).idFromName("chat", "lobby"))
          .isNotEqualTo(rooms((byte) 2).idFromName("chat", "lobby"))
          .isNotEqualTo(rooms.idFromName("chat", "Lobby"))
          .isNotEqualTo(rooms.idFromName("chat2", "lobby"));
      assertThat(rooms.idFromName("chat", "lobby").hex())
          .isNotEqualTo(rooms.idFromName("chat2", "lobby").hex());
    }

    @Test
    void I1_names_have_up_to_1024_characters_of_any_kind() {
      for (String name : List.of("a", "tenant/resource", " ", "日本語 🐁", "x".repeat(1024))) {
        RoomId id = rooms.idFromName("chat", name);
        assertThat(id.name()).contains(name);
        assertThat(id.namespace()).isEqualTo("chat");
      }
      for (String name : List.of("", "x".repeat(1025), "\ud83d")) {
        assertThat(catchThrowable(() -> rooms.idFromName("chat", name)))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    @Test
    void I1_hardly_any_two_are_alike_and_shards_fill_evenly() {
      Set<RoomId> ids = new HashSet<>();
      int[] shards = new int[RoomId.SHARDS];
      for (int i = 0; i < 5_000; i++) {
        RoomId id = rooms.idFromName("chat", "room" + i);
        ids.add(id);
        shards[id.shard()]++;
      }
      assertThat(ids).hasSize(5_000);
      assertThat(Arrays.stream(shards).min().orElse(0)).isGreaterThan(2);
      assertThat(Arrays.stream(shards).max().orElse(0)).isLessThan(50);
    }

    @Test
    void I1_the_namespaces_declared_name_is_the_identity_not_the_class() {
      assertThat(catchThrowable(() -> rooms.idFromName("unknown", "lobby")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'unknown'");
      assertThat(catchThrowable(() -> Namespace.named("Chat", _ -> new Room() {}).build()))
          .hasMessageContaining("'Chat'");
      List<Namespace> twice =
          Collections.nCopies(2, Namespace.named("chat", _ -> new Room() {}).build());
      assertThat(catchThrowable(() -> RoomNode.builder().namespaces(twice)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'chat'");
    }
  }

  @Nested
  class From_text {

    @Test
    void I1_reads_what_hex_wrote() {
      RoomId named = rooms.idFromName("chat", "lobby");
      RoomId read = rooms.idFromString("chat", named.hex());
      assertThat(read).isEqualTo(named).hasSameHashCodeAs(named);
      assertThat(read.name()).isEmpty();
      assertThat(named.hex()).hasSize(64);
    }

    @Test
    void I1_checks_the_namespace_and_that_the_id_was_made_here() {
      String hex = rooms.idFromName("chat", "lobby").hex();
      String forged = (hex.charAt(0) == '0' ? "1" : "0") + hex.substring(1);
      List<String> bad =
          List.of(
              rooms.idFromName("chat2", "lobby").hex(),
              rooms((byte) 2).idFromName("chat", "lobby").hex(),
              forged,
              "0".repeat(64),
              hex.substring(2),
              hex + "00",
              "zz",
              "");
      for (String text : bad) {
        assertThat(catchThrowable(() -> rooms.idFromString("chat", text)))
            .as(text)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void I1_a_unique_id_has_no_name_and_never_comes_twice() {
    Set<RoomId> ids = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      RoomId id = rooms.newUniqueId("chat");
      assertThat(id.name()).isEmpty();
      assertThat(rooms.idFromString("chat", id.hex())).isEqualTo(id);
      ids.add(id);
    }
    assertThat(ids).hasSize(1_000);
  }

  @Nested
  class The_name_of_a_room {
    private final Script script =
        new Script()
            .answers("name", cue -> cue.context().id().name().orElse("none"))
            .does(
                "set", cue -> cue.alarms().set("a", cue.context().clock().instant().plusSeconds(5)))
            .does(Script.ALARM, cue -> cue.note(cue.context().id().name().orElse("none")));

    @Test
    void I1_is_there_when_it_was_addressed_by_name() {
      script.play(t -> assertThat(ask(t, "name")).isEqualTo("r"));
    }

    @Test
    void I1_is_there_in_alarms_too() {
      script.play(
          MANY,
          t -> {
            ask(t, "set");
            t.crash();
            t.advance(Duration.ofSeconds(6));
            assertThat(script.notes()).containsExactly("r");
          });
    }

    @Test
    void I1_is_there_once_it_is_addressed_by_name_though_it_was_not_at_first() {
      script.play(t -> {
        byName(t, false);
        assertThat(ask(t, "name")).isEqualTo("r");
        ask(t, "set");
        t.crash();
        t.advance(Duration.ofSeconds(6));
        assertThat(script.notes()).containsExactly("r");
      });
    }

    @Test
    void I1_is_known_from_its_first_write_when_it_is_addressed_by_its_number() {
      script.play(t -> {
        ask(t, "set");
        t.crash();
        byName(t, true);
      });
    }

    @Test
    void I1_is_known_after_a_sleep_though_nothing_was_written() {
      script.play(t -> {
        RoomId room = t.id(ROOM, "r");
        FakeConnection ada = Script.join(t);
        var asleep = t.node().evict(room);
        t.settle();
        assertThat(asleep.join()).isEmpty();

        RoomId nameless = t.rooms().idFromString(ROOM, room.hex());
        t.node().post(nameless, new Event.Received(ada.key(), Message.of("name")));
        t.settle();
        assertThat(ada.texts()).containsExactly("r");
      });
    }

    private void byName(RoomTester t, boolean known) throws Exception {
      RoomId nameless = t.rooms().idFromString(ROOM, t.id(ROOM, "r").hex());
      List<String> names = new ArrayList<>();
      names.add(t.rooms().stub(Lines.class, nameless).say("name"));
      assertThat(names).containsExactly(known ? "r" : "none");
    }
  }
}
