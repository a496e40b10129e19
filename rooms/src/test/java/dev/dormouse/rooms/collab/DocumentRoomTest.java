package dev.dormouse.rooms.collab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Identity;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.spi.Event;
import dev.dormouse.rooms.yjs.AwarenessUpdate;
import dev.dormouse.rooms.yjs.Coverage;
import dev.dormouse.rooms.yjs.StateVector;
import dev.dormouse.rooms.yjs.YLimits;
import dev.dormouse.rooms.yjs.YMessage;
import dev.dormouse.rooms.yjs.YUpdate;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The room that editors meet in, as they see it from the wire.
class DocumentRoomTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RoomTester tester = RoomTester.of(CollabNamespace.declaration());
  private final Editor ann = new Editor(7);
  private final Editor ben = new Editor(8);

  private static HttpReply get(RoomTester t, String path) {
    return t.request("collab", "doc", HttpCall.of("GET", path));
  }

  private static YUpdate stored(RoomTester t) throws Exception {
    return switch (get(t, "update").body()) {
      case HttpReply.Bytes(byte[] bytes) -> YUpdate.decode(bytes, YLimits.defaults());
      case HttpReply.Stream _ -> throw new AssertionError("streamed");
    };
  }

  private static HttpCall post(byte[] body) {
    return new HttpCall("POST", "update", Map.of(), Map.of(), body);
  }

  private static int refusal(RoomTester t, HttpCall call) {
    return switch (t.requested("collab", "doc", call)) {
      case Answer.Declined(RoomException error) when error instanceof Refusal refusal ->
          refusal.status();
      case Answer other -> throw new AssertionError("not refused: " + other);
    };
  }

  private static int code(FakeConnection connection) {
    return connection.closed().map(CloseStatus::code).orElse(0);
  }

  @Nested
  class A_newcomer {
    @Test
    void is_asked_what_it_knows() {
      tester.run(t -> {
        ann.open(t);
        ann.type("hello");
        t.settle();

        FakeConnection fresh = t.connect("collab", "doc");

        assertThat(fresh.received())
            .containsExactly(
                Message.of(new YMessage.SyncStep1(ann.content.stateVector()).encode()));
      });
    }

    @Test
    void gets_what_it_lacks_also_if_that_is_nothing() {
      tester.run(t -> {
        FakeConnection fresh = t.connect("collab", "doc");
        fresh.send(new YMessage.SyncStep1(StateVector.EMPTY).encode());
        t.settle();
        assertThat(fresh.received().getLast().bytes()).containsExactly(0, 1, 2, 0, 0);
      });
    }

    @Test
    void shares_its_bytes_with_others_until_the_document_changes() {
      tester.run(t -> {
        ann.open(t);
        ann.type("hello");
        t.settle();
        byte[] first = whole(t);
        assertThat(whole(t)).isSameAs(first);
        ann.type(" there");
        t.settle();
        assertThat(whole(t)).isNotSameAs(first).hasSizeGreaterThan(first.length);
      });
    }

    /// What somebody gets who knows nothing.
    private byte[] whole(RoomTester t) {
      FakeConnection fresh = t.connect("collab", "doc");
      fresh.send(new YMessage.SyncStep1(StateVector.EMPTY).encode());
      t.settle();
      return fresh.received().getLast().bytes();
    }

    @Test
    void who_knows_a_part_gets_the_rest_only() {
      tester.run(t -> {
        ann.open(t);
        ann.type("one ");
        t.settle();
        ben.open(t);
        ben.vanish();
        ann.type("two");
        t.settle();
        ben.told = YUpdate.EMPTY;

        ben.open(t);

        assertThat(ben.synced).isTrue();
        assertThat(ben.content.stateVector()).isEqualTo(ann.content.stateVector());
        assertThat(ben.told.stateVector().next(7)).isZero();
        assertThat(ben.told.size()).isLessThan(ann.content.size());
      });
    }

    @Test
    void brings_what_it_did_off_line() {
      tester.run(t -> {
        ann.open(t);
        ben.type("written on a train");
        ben.open(t);
        Editor.settle(t, ann, ben);
        assertThat(ann.content.stateVector().next(8)).isEqualTo(18);
      });
    }
  }

  @Nested
  class An_update {
    @Test
    void O1_is_relayed_only_once_it_is_durable_and_not_to_its_sender() {
      tester.run(t -> {
        ann.open(t);
        ben.open(t);
        int before = ann.connection().received().size();
        t.store().hold();
        ann.type("hello");
        Editor.settle(t, ann, ben);
        assertThat(ben.told.stateVector()).isEqualTo(StateVector.EMPTY);

        t.store().letAll();
        Editor.settle(t, ann, ben);

        assertThat(ben.told.stateVector().next(7)).isEqualTo(5);
        assertThat(ann.connection().received()).hasSize(before);
      });
    }

    @Test
    void that_brings_nothing_new_writes_nothing_and_is_not_relayed() {
      tester.run(t -> {
        ann.open(t);
        ben.open(t);
        YUpdate word = ann.type("word");
        Editor.settle(t, ann, ben);
        long commits = t.disk().commits();
        int before = ben.connection().received().size();

        ann.connection().send(new YMessage.Update(word).encode());
        ann.connection().send(new YMessage.SyncStep2(ann.content).encode());
        t.settle();

        assertThat(t.disk().commits()).isEqualTo(commits);
        assertThat(ben.connection().received()).hasSize(before);
      });
    }

    @Test
    void that_was_relayed_survives_a_crash() {
      tester.run(t -> {
        ann.open(t);
        ben.open(t);
        ann.type("kept");
        ann.delete(7, 0);
        Editor.settle(t, ann, ben);

        t.crash();

        assertThat(Coverage.of(stored(t)).isNew(ben.told)).isFalse();
        assertThat(stored(t).stateVector().next(7)).isEqualTo(4);
      });
    }

    @Test
    void behind_a_gap_is_kept_until_the_gap_is_filled() {
      tester.run(t -> {
        YUpdate first = ann.type("first");
        YUpdate second = ann.type("second");
        FakeConnection raw = t.connect("collab", "doc");
        raw.send(new YMessage.Update(second).encode());
        t.settle();
        t.crash();
        assertThat(stored(t).stateVector().next(7)).isZero();
        t.request("collab", "doc", post(first.bytes()));
        assertThat(stored(t).stateVector().next(7)).isEqualTo(11);
      });
    }

    @Test
    void larger_than_a_stored_value_may_be_is_stored_in_pieces() {
      tester.run(t -> {
        ann.open(t);
        ann.type("x".repeat(5_000_000));
        t.settle();
        t.crash();
        assertThat(stored(t).stateVector().next(7)).isEqualTo(5_000_000);

        // And again on top of a snapshot, which stays larger than the log.
        Editor other = new Editor(9).open(t);
        other.type("y".repeat(1_200_000));
        t.settle();
        t.crash();
        assertThat(stored(t).stateVector().next(7)).isEqualTo(5_000_000);
        assertThat(stored(t).stateVector().next(9)).isEqualTo(1_200_000);
      });
    }
  }

  @Nested
  class The_log {
    @Test
    void of_many_keystrokes_becomes_a_snapshot_and_reads_the_same() {
      tester.run(t -> {
        ann.open(t);
        for (int i = 0; i < 1_203; i++) {
          ann.type("a");
        }
        Editor.settle(t, ann);
        YUpdate before = stored(t);

        t.crash();

        assertThat(stored(t)).isEqualTo(before);
        assertThat(before.stateVector().next(7)).isEqualTo(1_203);
        assertThat(before.size()).isLessThan(10_000);
        assertThat(summary(t).get("updates").asInt()).isEqualTo(1_203);
        assertThat(t.disk().text(t.id("collab", "doc"), "folded")).contains("1000");
      });
    }
  }

  @Nested
  class While_nobody_writes {
    @Test
    void C5_C6_a_connection_is_met_by_a_doorman_and_leaves_quietly() {
      tester.run(t -> {
        assertThat(t.knock("collab", "doc", RoomTester.upgrade(Map.of())))
            .isEqualTo(new Answer.Admitted(Admission.accept().metBy("awareness").leavingQuietly()));
        assertThat(CollabNamespace.declaration().doormen()).containsOnlyKeys("awareness");
      });
    }

    @Test
    void C6_the_room_makes_nothing_of_presence_that_comes_to_it_all_the_same() {
      tester.run(t -> {
        ann.open(t);
        ben.open(t);
        int log = t.sockets().log().size();
        long commits = t.disk().commits();
        AwarenessUpdate here = new AwarenessUpdate(List.of(new AwarenessUpdate.Entry(7, 1, "{}")));
        for (YMessage message :
            List.of(new YMessage.AwarenessMessage(here), new YMessage.QueryAwareness())) {
          t.node()
              .post(
                  t.id("collab", "doc"),
                  new Event.Received(ann.connection().key(), Message.of(message.encode())));
          t.settle();
        }
        assertThat(t.sockets().log()).hasSize(log);
        assertThat(t.disk().commits()).isEqualTo(commits);
        assertThat(ann.isOnline()).isTrue();
      });
    }

    @Test
    void H1_the_room_has_nothing_to_do_however_many_are_there() {
      tester.run(t -> {
        ann.open(t);
        ben.open(t);
        ann.type("the last word");
        Editor.settle(t, ann, ben);
        int log = t.sockets().log().size();
        t.advance(Duration.ofMinutes(10));
        assertThat(t.sockets().log()).hasSize(log);
      });
    }
  }

  @Nested
  class A_wake {
    @Test
    void H2_leaves_the_lines_alone_and_what_is_typed_then_reaches_everybody() {
      tester.run(t -> {
        ann.open(t);
        ben.open(t);
        ann.type("kept");
        Editor.settle(t, ann, ben);
        t.advance(Duration.ofSeconds(30));
        assertThat(t.node().awake()).as("rooms awake beside two open editors").isZero();

        ben.type(" and more");
        Editor.settle(t, ann, ben);
        assertThat(t.node().awake()).isOne();
        assertThat(code(ann.connection())).isZero();
        assertThat(code(ben.connection())).isZero();
        assertThat(ann.content.stateVector()).isEqualTo(ben.content.stateVector());
        assertThat(stored(t).stateVector()).isEqualTo(ann.content.stateVector());
      });
    }
  }

  @Nested
  class Bad_input {
    @Test
    void as_text_is_refused() {
      tester.run(t -> {
        FakeConnection raw = t.connect("collab", "doc");
        raw.send("hello");
        t.settle();
        assertThat(code(raw)).isEqualTo(1003);
      });
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "00",
          "0000",
          "04",
          "ff",
          "0003",
          "000202",
          "0002020100",
          "0101ff",
          "020001",
          "0300"
        })
    void that_is_no_message_ends_its_connection_for_good_and_no_other(String hex) {
      tester.run(t -> {
        ann.open(t);
        FakeConnection raw = t.connect("collab", "doc");
        raw.send(java.util.HexFormat.of().parseHex(hex));
        t.settle();
        assertThat(code(raw)).isEqualTo(4400);
        assertThat(raw.closed().orElseThrow().reason()).contains("y-protocols");
        ann.type("still here");
        Editor.settle(t, ann);
        assertThat(stored(t).stateVector().next(7)).isEqualTo(10);
        assertThat(ann.isOnline()).isTrue();
      });
    }

    @Test
    void over_http_is_refused_and_changes_nothing() {
      tester.run(t -> {
        assertThat(refusal(t, post(new byte[] {1, 2, 3}))).isEqualTo(400);
        assertThat(refusal(t, post(new byte[0]))).isEqualTo(400);
        assertThat(refusal(t, HttpCall.of("GET", "nothing"))).isEqualTo(404);
        assertThat(t.request("collab", "doc", HttpCall.of("DELETE", "")).status()).isEqualTo(405);
        assertThat(t.request("collab", "doc", HttpCall.of("PUT", "update")).headers())
            .containsEntry("allow", "GET, HEAD, POST");
        assertThat(summary(t).get("updates").asInt()).isZero();
      });
    }
  }

  @Nested
  class Beyond_the_limits {
    private final RoomTester small =
        RoomTester.of(CollabNamespace.declaration(CollabNamespace.limits(400, 300, 1_000)));

    @Test
    void clients_of_a_document_are_refused_however_few_bytes_each_takes() {
      tester.run(t -> {
        assertThat(t.request("collab", "doc", post(clients(1, 40_000))).status()).isEqualTo(201);
        assertThat(refusal(t, post(clients(40_001, 40_000)))).isEqualTo(413);
        FakeConnection raw = t.connect("collab", "doc");
        raw.send(
            new YMessage.Update(YUpdate.decode(clients(40_001, 40_000), YLimits.defaults()))
                .encode());
        t.settle();

        assertThat(code(raw)).isEqualTo(4413);
        assertThat(summary(t).get("updates").asInt()).isEqualTo(1);
      });
    }

    /// An update by many clients, with one letter's space each.
    private static byte[] clients(int first, int count) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Editor.varUint(out, count);
      for (int client = first; client < first + count; client++) {
        out.write(1);
        Editor.varUint(out, client);
        out.writeBytes(new byte[] {0, 0, 1});
      }
      out.write(0);
      return out.toByteArray();
    }

    @Test
    void a_frame_is_refused_as_too_big() {
      small.run(t -> {
        FakeConnection raw = t.connect("collab", "doc");
        raw.send(new byte[401]);
        t.settle();
        assertThat(code(raw)).isEqualTo(1009);
      });
    }

    @Test
    void a_document_takes_no_more_but_is_still_read_and_told_of() {
      small.run(t -> {
        ann.open(t);
        ben.open(t);
        ann.type("a".repeat(200));
        Editor.settle(t, ann, ben);
        FakeConnection anns = ann.connection();
        ann.type("b".repeat(200));
        t.settle();

        assertThat(code(anns)).isEqualTo(4413);
        assertThat(stored(t).stateVector().next(7)).isEqualTo(200);
        assertThat(refusal(t, post(new Editor(10).type("c".repeat(100)).bytes()))).isEqualTo(413);
        assertThat(refusal(t, post(new byte[401]))).isEqualTo(413);
        Editor reader = new Editor(9).open(t);
        assertThat(reader.content.stateVector().next(7)).isEqualTo(200);
        ben.type("small");
        Editor.settle(t, ben, reader);
        assertThat(reader.content.stateVector().next(8)).isEqualTo(5);
      });
    }
  }

  @Nested
  class While_the_disk_is_full {
    @Test
    void an_editor_with_a_change_is_sent_away_to_come_back_and_readers_stay() {
      tester.run(t -> {
        ann.open(t);
        ben.open(t);
        ann.type("before ");
        Editor.settle(t, ann, ben);
        FakeConnection anns = ann.connection();

        t.store().trouble("no space left");
        ann.type("meanwhile");
        t.settle();
        assertThat(code(anns)).isEqualTo(1013);
        assertThat(refusal(t, post(ann.content.bytes()))).isEqualTo(507);
        assertThat(ben.isOnline()).isTrue();
        Editor reader = new Editor(9).open(t);
        ben.connection().send(new YMessage.SyncStep2(ben.content).encode());
        Editor.settle(t, ben, reader);
        assertThat(ben.isOnline()).isTrue();
        assertThat(reader.content.stateVector().next(7)).isEqualTo(7);

        t.store().trouble(null);
        ann.open(t);
        Editor.settle(t, ann, ben, reader);
        assertThat(stored(t).stateVector().next(7)).isEqualTo(16);
        assertThat(reader.content.stateVector().next(7)).isEqualTo(16);
      });
    }

    /// `y-websocket` waits longer each time, unless it was in sync.
    @Test
    void an_editor_that_comes_back_with_its_change_is_not_in_sync_before_it_is_sent_away() {
      tester.run(t -> {
        ann.open(t);
        t.store().trouble("no space left");
        ann.type("meanwhile");
        t.settle();

        ann.begin(t.connect("collab", "doc"));
        FakeConnection again = ann.connection();
        again.send(new YMessage.SyncStep2(ann.content).encode());
        t.settle();
        assertThat(again.received()).hasSize(1);
        assertThat(code(again)).isEqualTo(1013);
        assertThat(ben.open(t).synced).as("who brings nothing").isTrue();
        FakeConnection guest = t.connect("collab", "doc", Identity.anonymous(Access.READ));
        guest.send(new YMessage.SyncStep1(StateVector.EMPTY).encode());
        t.settle();
        assertThat(guest.received().getLast().bytes()).containsExactly(0, 1, 2, 0, 0);

        FakeConnection slow = t.connect("collab", "doc");
        slow.send(new YMessage.SyncStep1(StateVector.EMPTY).encode());
        t.store().trouble(null);
        assertThat(ann.open(t).synced).isTrue();
        assertThat(slow.received()).as("its answer, and the change").hasSize(3);
      });
    }

    @Test
    void who_knows_more_than_can_be_kept_is_answered_at_once() throws Exception {
      byte[] much = knowing(Unanswered.MOST_CLIENTS / 2);
      tester.run(t -> {
        ann.open(t);
        t.store().trouble("no space left");
        ann.type("meanwhile");
        t.settle();
        FakeConnection first = t.connect("collab", "doc");
        first.send(much);
        first.send(much);
        t.settle();
        assertThat(first.received()).as("waits, however often it says it").hasSize(1);
        FakeConnection second = t.connect("collab", "doc");
        second.send(much);
        t.settle();
        assertThat(second.received()).as("its answer").hasSize(2);
        first.send(new YMessage.SyncStep2(YUpdate.EMPTY).encode());
        t.settle();
        assertThat(first.received()).as("its answer").hasSize(2);
        FakeConnection third = t.connect("collab", "doc");
        third.send(much);
        t.settle();
        assertThat(third.received()).as("there is space again").hasSize(1);
      });
    }
  }

  /// A first sync step that names so many clients.
  private static byte[] knowing(int clients) throws Exception {
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    Editor.varUint(state, clients);
    for (int i = clients; i > 0; i--) {
      Editor.varUint(state, i);
      Editor.varUint(state, 1);
    }
    return new YMessage.SyncStep1(StateVector.decode(state.toByteArray(), YLimits.defaults()))
        .encode();
  }

  @Nested
  class After_a_failed_commit {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void O2_everybody_starts_again_and_nothing_is_missing(boolean applied) {
      tester.run(t -> {
        ann.open(t);
        ben.open(t);
        t.store().faults(_ -> new Verdict.Unknown(applied));
        FakeConnection anns = ann.connection();
        FakeConnection bens = ben.connection();
        ann.type("perhaps");
        t.settle();
        assertThat(bens.received())
            .as("ben was not told")
            .noneMatch(message -> message.bytes()[0] == YMessage.SYNC && message.bytes()[1] == 2);
        t.store().faults(_ -> new Verdict.Durable());
        assertThat(code(anns)).isEqualTo(4010);
        assertThat(code(bens)).isEqualTo(4010);
        ann.open(t);
        ben.open(t);
        Editor.settle(t, ann, ben);

        assertThat(stored(t).stateVector().next(7)).isEqualTo(7);
        assertThat(ben.content.stateVector().next(7)).isEqualTo(7);
      });
    }
  }

  @Nested
  class Who_may_only_read {
    private FakeConnection reader(RoomTester t) {
      return t.connect("collab", "doc", Identity.anonymous(Access.READ));
    }

    @Test
    void gets_the_document_and_what_is_changed_in_it() {
      tester.run(t -> {
        ann.open(t);
        ann.type("hello");
        t.settle();
        ben.begin(reader(t));
        Editor.settle(t, ann, ben);
        assertThat(ben.synced).isTrue();
        ann.type(" there");
        Editor.settle(t, ann, ben);
        assertThat(ben.content.stateVector().next(7)).isEqualTo(11);
        assertThat(ben.isOnline()).isTrue();
      });
    }

    @Test
    void changes_nothing_and_is_told_so_in_the_words_of_the_protocol() {
      tester.run(t -> {
        ann.open(t);
        ben.begin(reader(t));
        Editor.settle(t, ann, ben);

        ben.type("graffiti");
        t.settle();

        assertThat(stored(t).stateVector().next(8)).isZero();
        assertThat(ann.content.stateVector().next(8)).isZero();
        assertThat(ben.connection().received())
            .contains(Message.of(new YMessage.Auth("this connection may only read").encode()));
        assertThat(ben.isOnline()).isTrue();
      });
    }

    @Test
    void is_not_blamed_for_sending_what_it_was_told() {
      tester.run(t -> {
        ann.open(t);
        ann.type("hello");
        ann.delete(7, 1);
        t.settle();
        ben.begin(reader(t));
        Editor.settle(t, ann, ben);
        ben.connection().send(new YMessage.SyncStep2(ben.content).encode());
        t.settle();
        assertThat(ben.connection().received())
            .noneMatch(message -> message.bytes()[0] == YMessage.AUTH);
      });
    }

    @Test
    void C8_is_known_after_the_room_slept() {
      tester.run(t -> {
        FakeConnection reader = reader(t);
        t.advance(Duration.ofMinutes(1));
        t.settle();
        reader.send(new YMessage.Update(ben.type("graffiti")).encode());
        t.settle();
        assertThat(stored(t).stateVector().next(8)).isZero();
      });
    }
  }

  @Nested
  class Over_http {
    @Test
    void a_document_says_how_large_it_is() {
      tester.run(t -> {
        ann.open(t);
        ann.type("hello");
        t.settle();
        JsonNode summary = summary(t);
        assertThat(summary.get("bytes").asInt()).isEqualTo(ann.content.size());
        assertThat(summary.get("updates").asInt()).isEqualTo(1);
        assertThat(summary.get("connections").asInt()).isEqualTo(1);
        assertThat(summary.get("stateVectorBytes").asInt())
            .isEqualTo(ann.content.stateVector().encode().length);
        assertThat(get(t, "").headers()).containsEntry("etag", "\"1\"");
      });
    }

    @Test
    void an_update_is_merged_once_and_relayed() {
      tester.run(t -> {
        ann.open(t);
        byte[] update = ben.type("from a script").bytes();
        assertThat(t.request("collab", "doc", post(update)).status()).isEqualTo(201);
        assertThat(t.request("collab", "doc", post(update)).status()).isEqualTo(204);
        Editor.settle(t, ann);
        assertThat(ann.content.stateVector().next(8)).isEqualTo(13);
      });
    }
  }

  private static JsonNode summary(RoomTester t) throws Exception {
    return JSON.readTree(get(t, "").text());
  }
}
