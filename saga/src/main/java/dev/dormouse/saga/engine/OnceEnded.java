package dev.dormouse.saga.engine;

/// What happens to a saga that has ended: nothing, and that is written down.
final class OnceEnded {
  private OnceEnded() {}

  static Decision on(Draft draft, Trigger trigger) {
    return switch (trigger) {
      case Trigger.Start _ -> draft.nothing(Transition.T1_AGAIN, Answer.YES);
      case Trigger.Reply reply -> draft.late(reply.step(), "an answer after the end");
      case Trigger.Unsendable unsendable -> draft.late(unsendable.step(), "after the end");
      case Trigger.Rang rang -> draft.late(-1, "an alarm after the end: " + rang.alarm().name());
      case Trigger.Verb _ -> draft.no("it has ended");
    };
  }
}
