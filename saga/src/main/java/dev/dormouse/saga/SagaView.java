package dev.dormouse.saga;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything there is to see of one saga, for people and the tools they use. Plain data.
///
/// @param id unique among the sagas of its room
/// @param definition the name of its definition
/// @param version that definition's version
/// @param defined whether this process has that definition; steps have no names otherwise
/// @param paused whether nothing new is sent
/// @param cause why it went back or was parked; empty if it never did
/// @param changed when its latest log line was written
/// @param ended null while it is open
/// @param deadline null if it has none
/// @param inputBytes the size of its input
/// @param steps in the order of the definition
/// @param alarms what it waits for, soonest first
/// @param timeline its log, oldest first; the latest 1,000 lines at most
/// @param earlier how many lines of the log come before those
/// @param dead what could not be done or undone, decided or not
public record SagaView(
    String id,
    String definition,
    int version,
    boolean defined,
    SagaStatus status,
    boolean paused,
    String cause,
    Instant started,
    Instant changed,
    @Nullable Instant ended,
    @Nullable Instant deadline,
    int inputBytes,
    List<StepView> steps,
    List<AlarmView> alarms,
    List<Line> timeline,
    int earlier,
    List<Dead> dead)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /// How one step stands.
  ///
  /// @param index its place in the definition, from 0
  /// @param name its name; its index if the definition is not there
  /// @param act `PENDING`, `STARTED`, `BACKING_OFF`, `DONE`, `REFUSED`, `UNKNOWN` or `SKIPPED`
  /// @param attempt the number of the latest attempt to do it; 0 before the first
  /// @param undo `NONE`, `STARTED`, `BACKING_OFF`, `UNDONE`, `FAILED` or `SKIPPED`
  /// @param undoAttempt the number of the latest attempt to undo it
  /// @param target whom its latest command goes to; empty before the first
  /// @param resultBytes the size of its result; 0 if it has none
  /// @param error what went wrong with it last; empty if nothing did
  public record StepView(
      int index,
      String name,
      String act,
      int attempt,
      String undo,
      int undoAttempt,
      String target,
      int resultBytes,
      String error)
      implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /// An alarm that is set.
  ///
  /// @param what `do`, `undo`, `deadline` or `review`
  /// @param step the step's name; empty for the saga's own
  public record AlarmView(String what, String step, Instant due) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /// One transition.
  ///
  /// @param n counts from 1, without gaps
  /// @param transition its name in `docs/sagas-diagram.md`, such as `T5`
  /// @param meaning that name in words
  /// @param step the step's name; empty if it is about none
  /// @param status the saga's status after it
  public record Line(
      int n,
      Instant at,
      String transition,
      String meaning,
      String step,
      String detail,
      SagaStatus status)
      implements Serializable {
    private static final long serialVersionUID = 1;
  }

  /// What could not be done, or undone.
  ///
  /// @param way `do` or `undo`
  /// @param reviewAt when it is looked at next, while it is open
  /// @param closedBy who decided; empty while it is open
  public record Dead(
      String step,
      String way,
      String reason,
      Instant at,
      Instant reviewAt,
      String closedBy,
      String note)
      implements Serializable {
    private static final long serialVersionUID = 1;

    public boolean open() {
      return closedBy.isEmpty();
    }
  }
}
