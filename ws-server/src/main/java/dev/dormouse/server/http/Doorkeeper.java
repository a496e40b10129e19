package dev.dormouse.server.http;

import dev.dormouse.room.Access;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.access.Credentials;
import dev.dormouse.server.access.Denial;
import dev.dormouse.server.access.Gate;
import dev.dormouse.server.access.Person;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks whoever sends a request who he is. Looking at a token takes a while and may wait for keys,
/// so that happens on a thread of its own, and the request goes on from there.
public final class Doorkeeper {
  private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);

  private final Gate gate;
  private final Execution execution;
  private final Toll toll;

  /// @param toll what is charged to who a token names
  public Doorkeeper(Gate gate, Execution execution, Toll toll) {
    this.toll = toll;
    this.gate = gate;
    this.execution = execution;
  }

  Gate gate() {
    return gate;
  }

  /// What becomes of a request once it is known who sends it.
  interface Then {
    void with(Person person) throws Denial.Found;
  }

  /// What becomes of one that is not let in.
  interface Else {
    void because(Denial.Found no);
  }

  /// Finds out who sends a request. What `then` throws is answered.
  void identify(Answer answer, Credentials credentials, Then then, Else otherwise) {
    String token = credentials.token();
    if (token == null || !gate.asks()) {
      go(answer, () -> then.with(gate.nobody()), otherwise);
    } else {
      execution.start(
          "access", () -> go(answer, () -> pay(answer, gate.identify(token), then), otherwise));
    }
  }

  private void pay(Answer answer, Person person, Then then) throws Denial.Found {
    String subject = person.subject();
    int seconds = subject == null ? 0 : toll.of(answer.request(), subject);
    if (seconds > 0) {
      answer.problem(Problem.tooMany(seconds));
    } else {
      then.with(person);
    }
  }

  /// The same, where who is not let in gets an error as all others do.
  void identify(Answer answer, Credentials credentials, Then then) {
    identify(answer, credentials, then, no -> answer.problem(Problem.of(no)));
  }

  /// Lets a request go on that asks for something that is no room.
  void admit(Answer answer, String address, Access wanted, Runnable then) {
    identify(
        answer,
        Seen.of(answer.request(), gate.asks()).credentials(),
        person -> {
          var _ = gate.admit(person, address, wanted);
          then.run();
        });
  }

  private interface Step {
    void run() throws Denial.Found;
  }

  private static void go(Answer answer, Step step, Else otherwise) {
    try {
      step.run();
    } catch (Denial.Found no) {
      otherwise.because(no);
    } catch (Problem.Found found) {
      answer.problem(found.problem());
    } catch (RuntimeException e) {
      LOG.error(
          "a request could not be handled: {} {}",
          answer.request().getMethod(),
          FrontDoor.path(answer.request()),
          e);
      answer.problem(Problem.of(500, "server-error", "the server failed; its log says how"));
    }
  }
}
