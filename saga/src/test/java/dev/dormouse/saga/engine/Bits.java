package dev.dormouse.saga.engine;

/// Commands, answers, alarms and records as bits, so that a state is a handful of numbers. Room for
/// four steps, three attempts and two rounds.
final class Bits {
  static final int STEPS = 4;
  static final String LATE = "late: it was undone";

  private Bits() {}

  static long bit(Send send) {
    int way = send.way() == Way.DO ? 0 : 1;
    return 1L << (((send.step() * 2 + way) * 4 + send.attempt()) * 2 + send.round());
  }

  static Send send(int bit) {
    return new Send(bit / 16, bit / 8 % 2 == 0 ? Way.DO : Way.UNDO, bit / 2 % 4, bit % 2);
  }

  static long bit(Trigger.Reply reply) {
    int step = reply.step();
    return switch (reply) {
      case Trigger.Ok _ -> 1L << (step * 4);
      case Trigger.Refused refused -> 1L << (step * 4 + (refused.reason().equals(LATE) ? 2 : 1));
      case Trigger.Undone _ -> 1L << (step * 4 + 3);
      case Trigger.Failed failed ->
          1L << (16 + (step * 2 + (failed.way() == Way.DO ? 0 : 1)) * 4 + failed.attempt());
    };
  }

  static Trigger.Reply reply(int bit) {
    if (bit >= 16) {
      int rest = bit - 16;
      Way way = rest / 4 % 2 == 0 ? Way.DO : Way.UNDO;
      return new Trigger.Failed(rest / 8, way, rest % 4, "busy", "");
    }
    return switch (bit % 4) {
      case 0 -> new Trigger.Ok(bit / 4, null);
      case 1 -> new Trigger.Refused(bit / 4, "no");
      case 2 -> new Trigger.Refused(bit / 4, LATE);
      default -> new Trigger.Undone(bit / 4);
    };
  }

  static long bit(AlarmRef alarm) {
    return switch (alarm.kind()) {
      case DO -> 1L << (alarm.step() * 8 + alarm.attempt());
      case UNDO -> 1L << (alarm.step() * 8 + 4 + alarm.attempt());
      case DEADLINE -> 1L << 32;
      case REVIEW -> 1L << 33;
    };
  }

  static AlarmRef alarm(String saga, int bit) {
    if (bit == 32) {
      return AlarmRef.deadline(saga);
    }
    if (bit == 33) {
      return AlarmRef.review(saga);
    }
    return AlarmRef.step(saga, bit / 4 % 2 == 0 ? Way.DO : Way.UNDO, bit / 8, bit % 4);
  }

  static int bit(int step, Way way) {
    return 1 << (step * 2 + (way == Way.DO ? 0 : 1));
  }

  /// A participant takes 7 bits of 32: its record, and how often it had its effect and reversed it.
  static ParticipantRecord record(long participants, int step) {
    return switch ((int) ((participants >> (step * 8)) & 7)) {
      case 0 -> new ParticipantRecord.None();
      case 1 -> new ParticipantRecord.Applied(null);
      case 2 -> new ParticipantRecord.Refused("no", 0);
      case 3 -> new ParticipantRecord.Refused("no", 1);
      case 4 -> new ParticipantRecord.Reversed();
      case 5 -> new ParticipantRecord.Blocked();
      case 6 -> new ParticipantRecord.Due(0, 0);
      default -> new ParticipantRecord.Due(1, 0);
    };
  }

  static long with(long participants, int step, ParticipantRecord record) {
    long word =
        switch (record) {
          case ParticipantRecord.None _ -> 0;
          case ParticipantRecord.Applied _ -> 1;
          case ParticipantRecord.Refused refused -> 2 + refused.round();
          case ParticipantRecord.Reversed _ -> 4;
          case ParticipantRecord.Blocked _ -> 5;
          case ParticipantRecord.Due due -> 6 + due.round();
        };
    return (participants & ~(7L << (step * 8))) | (word << (step * 8));
  }

  static int effects(long participants, int step) {
    return (int) ((participants >> (step * 8 + 3)) & 3);
  }

  static int reversals(long participants, int step) {
    return (int) ((participants >> (step * 8 + 5)) & 3);
  }

  static long effect(long participants, int step) {
    return participants + (1L << (step * 8 + 3));
  }

  /// What was begun was taken back by whoever had begun it, and says so.
  static long withdrawn(long participants, int step) {
    return participants - (1L << (step * 8 + 3));
  }

  static long reversal(long participants, int step) {
    return participants + (1L << (step * 8 + 5));
  }

  /// Which step, counted from one in starting order, was reversed last; 0 for none yet.
  static int lastReversed(long participants) {
    return (int) ((participants >> 32) & 15);
  }

  static long lastReversed(long participants, int order) {
    return (participants & ~(15L << 32)) | ((long) order << 32);
  }
}
