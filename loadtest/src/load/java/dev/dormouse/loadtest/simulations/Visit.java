package dev.dormouse.loadtest.simulations;

import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitBlockOnFail;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.ws;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.util.List;
import java.util.function.Function;

/// How every simulated user comes, works, and goes: who is not let in is counted as refused, and
/// whose work fails leaves early and is counted as failed.
record Visit(Load load, Gauge gauge) {

  /// Users that come as the load says.
  ///
  /// @param stateName under which a session keeps its user's state
  /// @param state makes a user's state
  /// @param connect opens the user's WebSocket
  /// @param work is repeated until the user's time is over
  PopulationBuilder of(
      String name,
      String stateName,
      Function<Session, Object> state,
      ChainBuilder connect,
      ChainBuilder... work) {
    ChainBuilder stay =
        exec(
                session -> {
                  gauge.opened();
                  return session;
                })
            .exec(exitBlockOnFail().on(during(load.time(), false).on(exec(List.of(work)))))
            .exec(session -> {
              gauge.gone();
              if (session.isFailed()) {
                gauge.failed();
              }
              return session;
            })
            .exec(ws("close").close());
    return scenario(name)
        .exec(session -> session.set(stateName, state.apply(session)))
        .exec(connect)
        .doIfOrElse(Session::isFailed)
        .then(
            exec(session -> {
              gauge.refused();
              return session;
            }))
        .orElse(stay)
        .injectOpen(rampUsers(load.users()).during(load.ramp()));
  }
}
