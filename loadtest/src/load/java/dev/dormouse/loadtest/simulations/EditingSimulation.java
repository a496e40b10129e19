package dev.dormouse.loadtest.simulations;

import static io.gatling.javaapi.core.CoreDsl.bodyBytes;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.forAll;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.http.HttpDsl.ws;

import dev.dormouse.loadtest.talk.Editor;
import io.gatling.http.action.ws.WsInboundMessage;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.WsFrameCheck;
import java.util.List;
import java.util.Locale;

/// People type into shared documents, in real messages of y-protocols. Each change must be in the
/// room's answer to the question behind it, which leaves the room once the change is durable; and
/// of what the others type nothing may be missing.
public final class EditingSimulation extends Simulation {
  private static final String TYPIST = "typist";
  private static final String ROOT = "text";

  private final Load load = Load.fromProperties();
  private final Gauge gauge = new Gauge(load.out());

  /// One user.
  private static final class Typist {
    final Editor editor;
    final Timetable timetable;

    /// What the last answer was like. Written and read by the event loop of this user.
    boolean holdsLast;

    /// Whether a change of the others was ever left out. Likewise.
    boolean missed;

    Typist(long number, Load load) {
      // Yjs's numbers of clients are random, too, and below 2^32.
      editor = new Editor(ROOT, 1_000_000 + number);
      timetable = new Timetable(load.period());
    }
  }

  public EditingSimulation() {
    Offline.check();
    ChainBuilder type =
        exec(ws.processUnmatchedMessages(this::hear))
            .exec(ws("type").sendBytes(this::type))
            .exec(
                ws("ask")
                    .sendBytes(session -> typist(session).editor.ask())
                    .await(load.patience())
                    .on(
                        answer("edit stored")
                            .check(
                                bodyBytes()
                                    .transformWithSession((_, session) -> stored(session))
                                    .is(true))));
    ChainBuilder connect =
        exec(
            ws("connect")
                .connect(session -> load.room("collab", "edit", session.userId() / load.together()))
                .onConnected(
                    exec(ws("hello").sendBytes(Editor.nothingOfMyOwn()))
                        .exec(
                            ws("first ask")
                                .sendBytes(session -> typist(session).editor.ask())
                                .await(load.patience())
                                .on(answer("in step")))));
    setUp(
            new Visit(load, gauge)
                .of(
                    "editing",
                    TYPIST,
                    session -> new Typist(session.userId(), load),
                    connect,
                    pause(session -> typist(session).timetable.untilNext()),
                    type))
        .protocols(load.protocol())
        .assertions(
            forAll().failedRequests().count().is(0L),
            details("edit stored").failedRequests().count().is(0L),
            details("edit stored").responseTime().percentile(99).lte((int) load.p99().toMillis()));
  }

  private static Typist typist(Session session) {
    Typist typist = session.get(TYPIST);
    if (typist == null) {
      throw new IllegalStateException("a user without its state");
    }
    return typist;
  }

  /// Waits for the answer to a question; whatever else comes meanwhile is heard too.
  private WsFrameCheck.Binary answer(String name) {
    return ws.checkBinaryMessage(name)
        .matching(bodyBytes().transformWithSession(this::isAnswer).is(true));
  }

  private boolean isAnswer(byte[] frame, Session session) {
    return hear(session, frame, System.currentTimeMillis());
  }

  private Session hear(List<WsInboundMessage> messages, Session session) {
    for (WsInboundMessage message : messages) {
      if (message instanceof WsInboundMessage.Binary binary) {
        hear(session, binary.message(), binary.timestamp());
      }
    }
    Typist typist = typist(session);
    typist.missed |= typist.editor.misses(); // all that came was heard by now
    return session;
  }

  /// @return whether it was the answer to a question
  private boolean hear(Session session, byte[] frame, long arrived) {
    Typist typist = typist(session);
    return switch (typist.editor.heard(frame)) {
      case Editor.Heard.Answered(boolean holdsLast) -> {
        typist.holdsLast = holdsLast;
        yield true;
      }
      case Editor.Heard.Told(List<String> texts) -> {
        texts.forEach(text -> gauge.relayed(Long.parseLong(text.strip(), 16), arrived));
        yield false;
      }
      case Editor.Heard.Asked _, Editor.Heard.Aside _ -> false;
    };
  }

  private byte[] type(Session session) {
    Typist typist = typist(session);
    gauge.sent(typist.timetable.planned());
    return typist.editor.type(String.format(Locale.ROOT, "%016x ", typist.timetable.planned()));
  }

  private boolean stored(Session session) {
    Typist typist = typist(session);
    boolean right = typist.holdsLast && !typist.missed;
    if (right) {
      gauge.answered(typist.timetable.planned());
    } else {
      gauge.wrong();
    }
    return right;
  }

  @Override
  public void before() {
    gauge.start();
  }

  @Override
  public void after() {
    gauge.end("editing");
  }
}
