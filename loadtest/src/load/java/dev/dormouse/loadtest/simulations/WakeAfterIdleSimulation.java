package dev.dormouse.loadtest.simulations;

import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.forAll;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.http.HttpDsl.ws;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Everybody has a room of the bench namespace alone, is silent until it sleeps, and then says
/// something. The text must come back, and the room must say that it was built once more: else it
/// had not slept, and the time says nothing about waking.
public final class WakeAfterIdleSimulation extends Simulation {
  private static final Pattern BUILT = Pattern.compile("\"ctorRoom\":([0-9]+)");
  private static final String SLEEPER = "sleeper";

  private final Load load = Load.fromProperties();
  private final Gauge gauge = new Gauge(load.out());

  /// One user. Belongs to its event loop.
  private static final class Sleeper {
    final Timetable timetable;
    long built;

    Sleeper(Load load) {
      timetable = new Timetable(load.idle());
    }

    String text() {
      return "e" + timetable.planned();
    }
  }

  public WakeAfterIdleSimulation() {
    Offline.check();
    ChainBuilder wake =
        pause(session -> sleeper(session).timetable.in(load.idle()))
            .exec(
                ws("speak")
                    .sendText(this::speak)
                    .await(load.patience())
                    .on(
                        ws.checkTextMessage("woken")
                            .check(bodyString().transformWithSession(this::isRight).is(true))))
            .exec(
                ws("ask")
                    .sendText("i")
                    .await(load.patience())
                    .on(
                        ws.checkTextMessage("had slept")
                            .check(bodyString().transformWithSession(this::hadSlept).is(true))));
    ChainBuilder connect =
        exec(
            ws("connect")
                .connect(session -> load.benchRoom("wake", session.userId()))
                .onConnected(
                    exec(
                        ws("first ask")
                            .sendText("i")
                            .await(load.patience())
                            .on(
                                ws.checkTextMessage("built")
                                    .check(
                                        bodyString().transformWithSession(this::note).is(true))))));
    setUp(new Visit(load, gauge).of("waking", SLEEPER, _ -> new Sleeper(load), connect, wake))
        .protocols(load.protocol())
        .assertions(
            forAll().failedRequests().count().is(0L),
            details("woken").failedRequests().count().is(0L),
            details("had slept").failedRequests().count().is(0L),
            details("woken").responseTime().percentile(99).lte((int) load.p99().toMillis()));
  }

  private static Sleeper sleeper(Session session) {
    Sleeper sleeper = session.get(SLEEPER);
    if (sleeper == null) {
      throw new IllegalStateException("a user without its state");
    }
    return sleeper;
  }

  private String speak(Session session) {
    Sleeper sleeper = sleeper(session);
    gauge.sent(sleeper.timetable.planned());
    return sleeper.text();
  }

  private boolean isRight(String text, Session session) {
    Sleeper sleeper = sleeper(session);
    boolean right = text.equals(sleeper.text());
    if (right) {
      gauge.answered(sleeper.timetable.planned());
    } else {
      gauge.wrong();
    }
    return right;
  }

  private boolean note(String info, Session session) {
    sleeper(session).built = built(info);
    return true;
  }

  private boolean hadSlept(String info, Session session) {
    Sleeper sleeper = sleeper(session);
    long built = built(info);
    boolean slept = built == sleeper.built + 1;
    sleeper.built = built;
    return slept;
  }

  private static long built(String info) {
    Matcher built = BUILT.matcher(info);
    return built.find() ? Long.parseLong(built.group(1)) : -1;
  }

  @Override
  public void before() {
    gauge.start();
  }

  @Override
  public void after() {
    gauge.end("waking");
  }
}
