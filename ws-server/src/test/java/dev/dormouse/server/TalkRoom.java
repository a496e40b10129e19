package dev.dormouse.server;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A room for tests that does what its clients say, one word each.
final class TalkRoom implements Room {
  static final int MESSAGE_BYTES = 100_000;
  static final int REQUEST_BYTES = 10_000;

  /// What rooms saw happen to their connections, by room name: `open`, `close 1000`, `error`.
  static final Map<String, LinkedBlockingQueue<String>> SEEN = new ConcurrentHashMap<>();

  /// Where a room waits that was told `wait`, by room name.
  static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();

  private final RoomContext context;

  TalkRoom(RoomContext context) {
    this.context = context;
  }

  static Namespace namespace() {
    return Namespace.named("talk", TalkRoom::new).publicStatus().limits(limits()).build();
  }

  /// The same, run by the threads that read.
  static Namespace quick() {
    return Namespace.named("quick", TalkRoom::new).nonBlocking().limits(limits()).build();
  }

  /// The first of the two, soon asleep.
  static Namespace drowsy() {
    return Namespace.named("drowsy", TalkRoom::new)
        .limits(limits().withIdle(Duration.ofSeconds(1)))
        .build();
  }

  /// The first of the two, with a [Porter] before those who ask for it by `?by=porter`.
  static Namespace attended() {
    return Namespace.named("door", TalkRoom::new)
        .publicStatus()
        .limits(limits())
        .doorman("porter", new Porter())
        .build();
  }

  /// The second, likewise.
  static Namespace quickAttended() {
    return Namespace.named("quick-door", TalkRoom::new)
        .nonBlocking()
        .limits(limits())
        .doorman("porter", new Porter())
        .build();
  }

  private static RoomLimits limits() {
    return RoomLimits.defaults()
        .withMessageBytes(MESSAGE_BYTES)
        .withRequestBytes(REQUEST_BYTES)
        .withBacklog(16, 64 * 1024 * 1024);
  }

  /// The next thing that the room of this name saw; waits for it.
  static String seen(String room) throws InterruptedException {
    @Nullable String next = log(room).poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("the room " + room + " saw nothing for 10 s");
    }
    return next;
  }

  static LinkedBlockingQueue<String> log(String room) {
    return SEEN.computeIfAbsent(room, _ -> new LinkedBlockingQueue<>());
  }

  private String name() {
    return context.id().name().orElseThrow();
  }

  /// Answers `beat` with `heart` without entering the room.
  @Override
  public void onStart(StartCause cause) {
    context.connections().autoResponse(Message.of("beat"), Message.of("heart"));
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    if (upgrade.parameter("refuse").isPresent()) {
      return Admission.refuse(Integer.parseInt(upgrade.parameter("refuse").get()), "not you");
    }
    Admission.Accepted accepted = Admission.accept();
    if (upgrade.parameter("tag").isPresent()) {
      accepted = accepted.tagged(upgrade.parameter("tag").get());
    }
    if (upgrade.parameter("speak").isPresent()) {
      accepted = accepted.speaking(upgrade.parameter("speak").get());
    }
    if (upgrade.parameter("by").isPresent()) {
      accepted = accepted.metBy(upgrade.parameter("by").get());
    }
    return accepted;
  }

  @Override
  public void onOpen(Connection connection) {
    log(name()).add("open");
    connection.send("welcome");
  }

  @Override
  public void onMessage(Connection connection, Message message) throws Exception {
    if (!(message instanceof Message.Text text)) {
      connection.send(message);
      return;
    }
    String[] words = text.text().split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "all" -> context.connections().broadcast(Message.of(rest));
      case "others" -> context.connections().broadcast(Message.of(rest), connection);
      case "tagged" -> {
        String[] parts = rest.split(" ", 2);
        context.connections().broadcastTo(parts[0], Message.of(parts[1]));
      }
      case "tag" -> connection.tags(Set.of(rest));
      case "close" -> {
        connection.send("bye");
        connection.close(new CloseStatus(Integer.parseInt(rest), "as you wish"));
      }
      case "close-tagged" -> {
        CloseStatus status = new CloseStatus(4321, "as others wish");
        context.connections().stream(rest).forEach(each -> each.close(status));
      }
      case "send" -> connection.send(new byte[Integer.parseInt(rest)]);
      case "put" -> {
        context.storage().putText("value", rest);
        connection.send("stored " + rest);
      }
      case "get" -> connection.send(context.storage().getText("value").orElse(""));
      case "many" -> {
        for (int i = 0; i < Integer.parseInt(rest); i++) {
          connection.send("n" + i);
        }
      }
      case "wait" -> {
        log(name()).add("waiting");
        GATES.computeIfAbsent(name(), _ -> new CountDownLatch(1)).await(30, TimeUnit.SECONDS);
      }
      case "thread" ->
          connection.send(
              Thread.currentThread().isVirtual() ? "virtual" : Thread.currentThread().getName());
      case "conflict" -> throw new Refusal.VersionConflict(17, "the state has moved on");
      case "throw" -> throw new IllegalStateException("as you wish");
      default -> connection.send(text.text());
    }
  }

  @Override
  public void onClose(Connection connection, CloseStatus status) {
    log(name()).add("close " + status.code());
  }

  @Override
  public void onError(Connection connection, Throwable failure) {
    log(name()).add("error");
  }

  @Override
  public HttpReply onRequest(HttpCall call) throws Exception {
    return switch (call.path()) {
      case "stream" ->
          HttpReply.stream(
              200,
              "text/plain",
              out -> {
                for (int i = 0; i < 1_000; i++) {
                  out.write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8));
                }
              });
      case "broken" ->
          HttpReply.stream(
              200,
              "text/plain",
              out -> {
                out.write(new byte[100_000]);
                throw new java.io.IOException("no more");
              });
      case "refused" -> throw new Refusal.Refused(409, "not like that");
      case "conflict" -> throw new Refusal.VersionConflict(17, "the state has moved on");
      case "throw" -> throw new IllegalStateException("as you wish");
      case "value" -> {
        context.storage().putText("value", call.text());
        yield HttpReply.text(200, "stored").version(context.storage().version() + 1);
      }
      case "headers" ->
          HttpReply.text(200, "see my head")
              .header("X-Odd", "a\r\nX-Evil: b")
              .header("Transfer-Encoding", "chunked")
              .header("Content-Length", "3");
      case "wait" -> {
        log(name()).add("waiting");
        GATES.computeIfAbsent(name(), _ -> new CountDownLatch(1)).await(30, TimeUnit.SECONDS);
        yield HttpReply.text(200, "done");
      }
      case "outside" -> {
        log(name()).add("waiting");
        CountDownLatch gate = GATES.computeIfAbsent(name(), _ -> new CountDownLatch(1));
        context.await(() -> gate.await(30, TimeUnit.SECONDS));
        yield HttpReply.text(200, "done");
      }
      case "timer" -> {
        context.after(Duration.ofHours(1), () -> null);
        yield HttpReply.text(200, "set");
      }
      default ->
          HttpReply.text(
              200,
              call.method()
                  + " "
                  + name()
                  + " path="
                  + call.path()
                  + " query="
                  + call.query()
                  + " body="
                  + call.body().length
                  + " sum="
                  + Arrays.hashCode(call.body()));
    };
  }
}
