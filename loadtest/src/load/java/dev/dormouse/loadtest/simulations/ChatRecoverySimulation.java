package dev.dormouse.loadtest.simulations;

import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.forAll;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.http.HttpDsl.ws;

import dev.dormouse.loadtest.talk.Member;
import io.gatling.http.action.ws.WsInboundMessage;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.util.List;

/// People talk, leave for a while, and come back with the number of the last message they saw. What
/// the others said meanwhile must be handed to them whole. Their way out is a close frame: Gatling
/// cannot cut a connection.
public final class ChatRecoverySimulation extends Simulation {
  private static final String GUEST = "guest";

  /// Posts between coming and leaving.
  private static final int POSTS = 2;

  private final Load load = Load.fromProperties();
  private final Gauge gauge = new Gauge(load.out());

  /// One user. Belongs to its event loop.
  private static final class Guest {
    final Member member;
    final Timetable timetable;

    /// Whether the last join told all that was missed.
    boolean whole;

    /// Whether a message was ever left out while connected.
    boolean missed;

    Guest(long number, Load load) {
      member = new Member("user" + number);
      timetable = new Timetable(load.period());
    }
  }

  public ChatRecoverySimulation() {
    Offline.check();
    ChainBuilder post =
        pause(session -> guest(session).timetable.untilNext())
            .exec(ws.processUnmatchedMessages(this::hear))
            .exec(
                ws("post")
                    .sendText(this::post)
                    .await(load.patience())
                    .on(
                        ws.checkTextMessage("posted")
                            .matching(bodyString().transformWithSession(this::isPosted).is(true))));
    ChainBuilder leave =
        exec(ws.processUnmatchedMessages(this::hear))
            .exec(ws("leave").close())
            .pause(session -> guest(session).timetable.in(load.period()))
            .exec(connect("come back", "recovered"));
    setUp(
            new Visit(load, gauge)
                .of(
                    "chat",
                    GUEST,
                    session -> new Guest(session.userId(), load),
                    connect("connect", "joined"),
                    repeat(POSTS).on(post),
                    leave))
        .protocols(load.protocol())
        .assertions(
            forAll().failedRequests().count().is(0L),
            details("posted").failedRequests().count().is(0L),
            details("recovered").failedRequests().count().is(0L),
            details("recovered").responseTime().percentile(99).lte((int) load.p99().toMillis()));
  }

  /// Connects and joins; what comes must leave nothing out.
  private ChainBuilder connect(String name, String joined) {
    boolean back = joined.equals("recovered");
    return exec(
        ws(name)
            .connect(session -> address(session, back))
            .onConnected(
                exec(
                    ws("join")
                        .sendText(session -> guest(session).member.join())
                        .await(load.patience())
                        .on(
                            ws.checkTextMessage(joined)
                                .matching(
                                    bodyString().transformWithSession(this::isJoined).is(true))
                                .check(
                                    bodyString()
                                        .transformWithSession(
                                            (_, session) -> isWhole(session, back))
                                        .is(true))))));
  }

  private static Guest guest(Session session) {
    Guest guest = session.get(GUEST);
    if (guest == null) {
      throw new IllegalStateException("a user without its state");
    }
    return guest;
  }

  /// Where to connect to; asked for at the moment of the connect.
  private String address(Session session, boolean back) {
    if (back) {
      gauge.sent(guest(session).timetable.planned());
    }
    return load.room("chat", "talk", session.userId() / load.together());
  }

  private String post(Session session) {
    Guest guest = guest(session);
    return guest.member.post(Long.toString(guest.timetable.planned()));
  }

  private boolean isJoined(String frame, Session session) {
    return hear(session, frame) instanceof Member.Heard.Joined;
  }

  private boolean isPosted(String frame, Session session) {
    return hear(session, frame) instanceof Member.Heard.Posted(String id)
        && id.equals(guest(session).member.lastId());
  }

  private boolean isWhole(Session session, boolean back) {
    Guest guest = guest(session);
    boolean right = guest.whole && !guest.missed;
    if (back && right) {
      gauge.answered(guest.timetable.planned());
    } else if (back) {
      gauge.wrong();
    }
    return right;
  }

  private Session hear(List<WsInboundMessage> messages, Session session) {
    for (WsInboundMessage message : messages) {
      if (message instanceof WsInboundMessage.Text text) {
        hear(session, text.message());
      }
    }
    Guest guest = guest(session);
    guest.missed |= guest.member.misses(); // all that came was heard by now
    return session;
  }

  private static Member.Heard hear(Session session, String frame) {
    Guest guest = guest(session);
    Member.Heard heard = guest.member.heard(frame);
    if (heard instanceof Member.Heard.Joined(boolean whole)) {
      guest.whole = whole;
    }
    return heard;
  }

  @Override
  public void before() {
    gauge.start();
  }

  @Override
  public void after() {
    gauge.end("recovering");
  }
}
