package dev.dormouse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.room.Upgrade;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The rooms of the README and of `docs/first-room.md`. What stands between `tag` and `end` is
/// shown there; [DocsSnippetsTest] compares.
class FirstRoomTest {

  /// [Lobby] with what the tutorial adds.
  record LobbyWithTopic(RoomContext context) implements Room {
    @Override
    public Admission onConnect(Upgrade upgrade) {
      return Admission.accept();
    }

    // tag::topic
    @Override
    public HttpReply onRequest(HttpCall call) {
      Storage storage = context.storage();
      if (call.method().equals("GET")) {
        return HttpReply.text(200, storage.getText("topic").orElse("")).version(storage.version());
      }
      long expected =
          call.ifMatch().orElseThrow(() -> new Refusal.Refused(428, "say which version you read"));
      return storage.transition(
          expected,
          () -> {
            storage.putText("topic", call.text());
            return HttpReply.text(200, "the topic is set");
          });
    }

    // end::topic

    // tag::quiet
    @Override
    public void onMessage(Connection connection, Message message) {
      Instant quiet = context.clock().instant().plus(Duration.ofMinutes(10));
      context.alarms().set("quiet", quiet);
      context.connections().broadcast(message, connection);
    }

    @Override
    public void onAlarm(Alarm alarm) {
      context.connections().broadcast(Message.of("it has become quiet here"));
    }
    // end::quiet
  }

  @Nested
  class The_first_room {
    // tag::test
    @Test
    void everybody_hears_the_count_and_a_crash_forgets_nothing() {
      Namespace lobby = Namespace.named("lobby", Lobby::new).build();
      RoomTester.of(lobby)
          .run(t -> {
            FakeConnection ada = t.connect("lobby", "main");
            FakeConnection bob = t.connect("lobby", "main");
            ada.send("hello");
            t.settle();
            assertThat(bob.texts()).containsExactly("message 1");

            t.crash();
            FakeConnection eve = t.connect("lobby", "main");
            eve.send("anybody here?");
            t.settle();
            assertThat(eve.texts()).containsExactly("message 2");
          });
    }

    // end::test

    @Test
    void is_offered_by_its_provider() {
      assertThat(new LobbyProvider().namespaces())
          .extracting(Namespace::name)
          .containsExactly("lobby");
    }
  }

  @Nested
  class What_is_not_written {
    @Test
    void a_request_to_a_room_that_answers_none_is_refused_as_all_others_are() {
      RoomTester.of(Namespace.named("lobby", Lobby::new).build())
          .run(t ->
              assertThat(t.requested("lobby", "main", HttpCall.of("GET", "")))
                  .isInstanceOfSatisfying(
                      Answer.Declined.class,
                      no -> assertThat(no.error()).isInstanceOf(Refusal.NotFound.class)));
    }
  }

  @Nested
  class What_the_tutorial_adds {
    private final Namespace lobby = Namespace.named("lobby", LobbyWithTopic::new).build();

    @Test
    void S3_a_topic_is_set_by_whoever_read_the_last_one() {
      RoomTester.of(lobby)
          .run(t -> {
            HttpReply empty = t.request("lobby", "main", HttpCall.of("GET", ""));
            assertThat(empty.headers()).containsEntry("etag", "\"0\"");

            assertThat(t.request("lobby", "main", put("tea", "0")).status()).isEqualTo(200);
            assertThat(t.requested("lobby", "main", put("coffee", "0")))
                .isInstanceOfSatisfying(
                    Answer.Declined.class,
                    no ->
                        assertThat(no.error())
                            .isInstanceOfSatisfying(
                                Refusal.VersionConflict.class,
                                conflict -> assertThat(conflict.current()).isEqualTo(1)));

            HttpReply topic = t.request("lobby", "main", HttpCall.of("GET", ""));
            assertThat(topic.text()).isEqualTo("tea");
            assertThat(topic.headers()).containsEntry("etag", "\"1\"");
          });
    }

    @Test
    void S3_who_names_no_version_is_told_to() {
      RoomTester.of(lobby)
          .run(t ->
              assertThat(t.requested("lobby", "main", HttpCall.of("PUT", "").withBody("coffee")))
                  .isInstanceOfSatisfying(
                      Answer.Declined.class,
                      no ->
                          assertThat(no.error())
                              .isInstanceOfSatisfying(
                                  Refusal.class, it -> assertThat(it.status()).isEqualTo(428))));
    }

    private static HttpCall put(String topic, String version) {
      HttpCall call = HttpCall.of("PUT", "").withBody(topic);
      return new HttpCall(
          call.method(),
          call.path(),
          call.query(),
          Map.of("if-match", List.of('"' + version + '"')),
          call.body());
    }

    @Test
    void A1_the_alarm_rings_ten_minutes_after_the_last_message() {
      RoomTester.of(lobby)
          .run(t -> {
            FakeConnection ada = t.connect("lobby", "main");
            ada.send("hello");
            t.settle();
            t.advance(Duration.ofMinutes(9));
            ada.send("still here");
            t.settle();
            t.advance(Duration.ofMinutes(9));
            assertThat(ada.texts()).isEmpty();

            t.advance(Duration.ofMinutes(1));
            assertThat(ada.texts()).containsExactly("it has become quiet here");
          });
    }
  }
}
