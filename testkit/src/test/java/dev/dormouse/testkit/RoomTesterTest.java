package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Upgrade;
import org.junit.jupiter.api.Test;

/// The tester's own promise: a room runs in a test as it does on a server.
class RoomTesterTest {

  /// Counts what it is told and tells everybody.
  static final class Counter implements Room {
    private final RoomContext context;

    Counter(RoomContext context) {
      this.context = context;
    }

    @Override
    public Admission onConnect(Upgrade upgrade) {
      return Admission.accept();
    }

    @Override
    public void onMessage(Connection connection, Message message) {
      long count = context.storage().getText("count").map(Long::parseLong).orElse(0L) + 1;
      context.storage().putText("count", Long.toString(count));
      context.connections().broadcast(Message.of("count " + count));
    }

    @Override
    public HttpReply onRequest(HttpCall call) {
      return HttpReply.text(200, context.storage().getText("count").orElse("0"))
          .version(context.storage().version());
    }
  }

  private final Namespace namespace = Namespace.named("counter", Counter::new).build();

  @Test
  void two_clients_see_each_other_and_a_crash_loses_nothing_that_was_told() {
    RoomTester.of(namespace)
        .run(t -> {
          FakeConnection ada = t.connect("counter", "a");
          FakeConnection bob = t.connect("counter", "a");
          ada.send("x");
          bob.send("x");
          t.settle();
          assertThat(ada.texts()).containsExactly("count 1", "count 2");
          assertThat(bob.texts()).containsExactly("count 1", "count 2");

          t.crash();
          HttpReply reply = t.request("counter", "a", HttpCall.of("GET", ""));
          assertThat(reply.text()).isEqualTo("2");
          assertThat(reply.headers()).containsEntry("etag", "\"2\"");
        });
  }
}
