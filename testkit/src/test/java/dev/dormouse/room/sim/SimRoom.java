package dev.dormouse.room.sim;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.Upgrade;
import dev.dormouse.room.Work;
import dev.dormouse.testkit.SeededExecution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A room that does what it is told, step by step, and notes each turn in the [Ledger].
///
/// Its state is one key, `log`: the tokens of every turn that ever changed it, in order.
final class SimRoom implements Room, SimCalls {

  /// What all rooms of one simulation share.
  static final class World {
    final SeededExecution execution;
    final Ledger ledger = new Ledger();
    final Map<Integer, List<Step>> programs = new ConcurrentHashMap<>();
    private int lastProgram;

    World(SeededExecution execution) {
      this.execution = execution;
    }

    int add(List<Step> program) {
      programs.put(++lastProgram, program);
      return lastProgram;
    }
  }

  private final World world;
  private final RoomContext context;

  SimRoom(World world, RoomContext context) {
    this.world = world;
    this.context = context;
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onMessage(Connection connection, Message message) throws Exception {
    new Run(Integer.parseInt(((Message.Text) message).text()), false).all();
  }

  @Override
  public HttpReply onRequest(HttpCall call) throws Exception {
    int program = Integer.parseInt(call.path());
    new Run(program, false).all();
    return HttpReply.text(200, "done " + program);
  }

  @Override
  public void onAlarm(Alarm alarm) throws Exception {
    // Only the first attempts may fail, so that every alarm ends within the simulated time.
    int program =
        world.add(
            alarm.attempt() > 2
                ? List.of(new Step.Write(), new Step.Tell())
                : Step.program(world.execution.random(), 1, true));
    new Run(program, false).all();
  }

  @Override
  public String run(int program) {
    try {
      new Run(program, true).all();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return "done " + program;
  }

  /// One handler's way through its program.
  private final class Run {
    private final int program;
    private final boolean wasCalled;
    private int turn;
    private int criticalDepth;

    Run(int program, boolean wasCalled) {
      this.program = program;
      this.wasCalled = wasCalled;
    }

    void all() throws Exception {
      enter();
      try {
        steps(stepsOf(program));
        world.ledger.ended.add(program);
      } catch (Over over) {
        // The last turn had ended before the wait, and stands or falls with its write set.
        throw over;
      } catch (Throwable t) {
        world.ledger.turnRecord(turn).undone = true;
        throw t;
      } finally {
        leave();
      }
    }

    private List<Step> stepsOf(int number) {
      List<Step> steps = world.programs.get(number);
      if (steps == null) {
        throw new AssertionError("program " + number + " is unknown");
      }
      return steps;
    }

    /// Begins a turn: nobody else may be in this incarnation's plain code, or in a critical
    /// section.
    private void enter() {
      turn = world.ledger.newTurn(context.id().toString(), program);
      Integer other = world.ledger.inside.putIfAbsent(SimRoom.this, program);
      if (other != null) {
        throw new AssertionError("T1: program " + program + " entered beside " + other);
      }
      Integer section = world.ledger.critical.get(SimRoom.this);
      if (section != null && section != program) {
        throw new AssertionError("T7: " + program + " entered a critical section of " + section);
      }
    }

    private void leave() {
      world.ledger.inside.remove(SimRoom.this);
    }

    private void steps(List<Step> steps) throws Exception {
      for (Step step : steps) {
        step(step);
        // Plain code may be held up anywhere; nobody may get in between.
        world.execution.failpoint("room.plain");
      }
    }

    private <T> T waiting(Work<T, Exception> work) throws Exception {
      leave();
      boolean well = false;
      try {
        T result = work.run();
        well = true;
        return result;
      } catch (RoomException.RoomReset reset) {
        if (isOver()) {
          // This handler is not in the room any more: nothing to enter.
          throw new Over(reset);
        }
        throw reset;
      } finally {
        if (well || !isOver()) {
          enter();
        }
      }
    }

    private boolean isOver() {
      try {
        context.storage().version();
        return false;
      } catch (RoomException.RoomReset | IllegalStateException e) {
        return true;
      }
    }

    private void step(Step step) throws Exception {
      switch (step) {
        case Step.Write() -> write();
        case Step.Tell() -> context.connections().broadcast(Message.of("log " + log()));
        case Step.TellUngated() ->
            context.connections().stream()
                .findFirst()
                .ifPresent(connection -> connection.sendUngated(Message.of("free " + turn)));
        case Step.Wait(int way) ->
            waiting(() -> {
              switch (way) {
                case 0 -> context.sleep(Duration.ofMillis(50));
                case 1 -> context.storage().sync();
                default ->
                    context.await(() -> {
                      world.execution.failpoint("room.action");
                      return null;
                    });
              }
              return null;
            });
        case Step.Call(int room, List<Step> inner, boolean swallow) -> {
          int called = world.add(inner);
          SimCalls stub = context.rooms().stub(SimCalls.class, "sim", "room " + room);
          try {
            // A call into a gate that an ancestor holds is refused before the turn ends (T8), which
            // the ledger could not tell; inside an action the turn has ended in any case.
            boolean mayBeRefused = wasCalled || criticalDepth > 0;
            waiting(() -> mayBeRefused ? context.await(() -> stub.run(called)) : stub.run(called));
          } catch (Over over) {
            throw over;
          } catch (RoomException e) {
            if (!swallow) {
              throw e;
            }
          }
        }
        case Step.CallAll(List<Integer> rooms, List<Step> inner) -> {
          List<Work<String, RuntimeException>> calls = new ArrayList<>();
          for (int room : rooms) {
            int called = world.add(inner);
            SimCalls stub = context.rooms().stub(SimCalls.class, "sim", "room " + room);
            calls.add(() -> stub.run(called));
          }
          waiting(() -> context.all(calls));
        }
        case Step.Critical(List<Step> inner) ->
            context.critical(() -> {
              if (criticalDepth++ == 0) {
                world.ledger.critical.put(SimRoom.this, program);
              }
              try {
                steps(inner);
              } finally {
                if (--criticalDepth == 0) {
                  world.ledger.critical.remove(SimRoom.this);
                }
              }
              return null;
            });
        case Step.Transaction(List<Step> inner, boolean fails) -> transaction(inner, fails);
        case Step.SetAlarm(int name, long millis) -> {
          write();
          context.alarms().set("alarm " + name, context.clock().instant().plusMillis(millis));
        }
        case Step.Later(List<Step> inner) -> {
          int later = world.add(inner);
          context.after(Duration.ofMillis(20), () -> new Run(later, false).wholly());
        }
        case Step.AfterReply(List<Step> inner) -> {
          int later = world.add(inner);
          context.afterReply(() -> new Run(later, false).wholly());
        }
        case Step.Throw() -> throw new IllegalStateException("thrown on purpose");
        case Step.Refuse() -> throw new Refusal.Refused(409, context.id() + " refused on purpose");
        case Step.Abort() -> throw context.abort("on purpose");
      }
    }

    private Void wholly() throws Exception {
      all();
      return null;
    }

    private void transaction(List<Step> inner, boolean fails) throws Exception {
      String before = log();
      List<String> tokens = world.ledger.turnRecord(turn).tokens;
      int written = tokens.size();
      try {
        context
            .storage()
            .transaction(() -> {
              steps(inner);
              if (fails) {
                throw new Broken();
              }
              return null;
            });
      } catch (Broken e) {
        tokens.subList(written, tokens.size()).clear();
        if (!log().equals(before)) {
          throw new AssertionError("T7: a transaction that threw left something: " + log());
        }
      }
    }

    private String log() {
      return context.storage().getText("log").orElse("");
    }

    private void write() {
      String before = log();
      String token = world.ledger.newToken(turn);
      context.storage().putText("log", before.isEmpty() ? token : before + " " + token);
    }
  }

  /// A transaction's own failure.
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1;
  }

  /// The handler's incarnation ended while it waited.
  private static final class Over extends RuntimeException {
    private static final long serialVersionUID = 1;

    Over(Throwable cause) {
      super(cause);
    }
  }
}
