package dev.dormouse.saga.engine;

import org.jspecify.annotations.Nullable;

/// What can happen to a saga. Steps are named by their index.
public sealed interface Trigger {

  /// Somebody wants a saga of this id.
  record Start() implements Trigger {}

  /// An answer of a participant.
  sealed interface Reply extends Trigger {
    int step();
  }

  /// It is done. The result is what the participant's codec made of it.
  record Ok(int step, byte @Nullable [] result) implements Reply {}

  /// It was not done and will not be.
  record Refused(int step, String reason) implements Reply {
    public Refused {
      reason = Cut.text(reason);
    }
  }

  /// It is undone, or never will be done.
  record Undone(int step) implements Reply {}

  /// The attempt failed: nothing is known, or it may go better next time.
  ///
  /// @param code what a retry policy calls it
  /// @param attempt which one it was
  record Failed(int step, Way way, int attempt, String code, String message) implements Reply {
    public Failed {
      code = Cut.text(code);
      message = Cut.text(message);
    }
  }

  /// An alarm has rung; its row goes with the transition.
  record Rang(AlarmRef alarm) implements Trigger {}

  /// The command could not be made: a function of the definition threw. Only of one that was never
  /// sent, since one that was is stored.
  record Unsendable(int step, Way way, String reason) implements Trigger {
    public Unsendable {
      reason = Cut.text(reason);
    }
  }

  /// Something that a person, or a program in its name, wants.
  sealed interface Verb extends Trigger {
    /// Who wants it.
    String actor();
  }

  record Cancel(String actor, String note) implements Verb {
    public Cancel {
      actor = Cut.text(actor);
      note = Cut.text(note);
    }
  }

  record Pause(String actor) implements Verb {
    public Pause {
      actor = Cut.text(actor);
    }
  }

  record Resume(String actor) implements Verb {
    public Resume {
      actor = Cut.text(actor);
    }
  }

  /// Try again what is parked.
  record Retry(String actor, String note) implements Verb {
    public Retry {
      actor = Cut.text(actor);
      note = Cut.text(note);
    }
  }

  /// Go on without `step`, or leave its effect standing; the note says why.
  record Skip(int step, String actor, String note) implements Verb {
    public Skip {
      actor = Cut.text(actor);
      note = Cut.text(note);
    }
  }

  /// Somebody has found out, or made sure, how things stand.
  ///
  /// @param applied whether the effect of `step` stands
  /// @param result of a step that is applied, if later steps need it
  record Resolve(int step, boolean applied, byte @Nullable [] result, String actor, String note)
      implements Verb {}
}
