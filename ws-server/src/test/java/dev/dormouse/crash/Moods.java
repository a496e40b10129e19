package dev.dormouse.crash;

import dev.dormouse.room.Refusal;
import dev.dormouse.saga.StepCommand;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Makes commands go wrong as their errand says, a number of times in the life of the process.
/// Thread-safe.
final class Moods {
  private static final int STUMBLES = 2;

  /// More than there are attempts.
  private static final int FALLS = 6;

  private static final int STICKS = 4;

  private final Map<String, Integer> times = new ConcurrentHashMap<>();

  /// To be asked once the effect has been had, which a throw then takes back.
  void after(StepCommand command, Errand errand) {
    String step = command.step();
    String name = command.sagaId() + "/" + step;
    if (command.undoes()) {
      int times = errand.seat() == 0 ? Integer.MAX_VALUE : STICKS;
      if (step.equals(errand.sticks()) && again("sticks " + name, times)) {
        throw new Refusal.Refused(409, "not now");
      }
      return;
    }
    if (step.equals(errand.breaks()) && again("breaks " + name, 1)) {
      throw new IllegalStateException("on purpose");
    }
    int times = errand.seat() % 4 == 0 ? FALLS : STUMBLES;
    if (step.equals(errand.stumbles()) && again("stumbles " + name, times)) {
      throw new Refusal.Overloaded("on purpose");
    }
  }

  /// How a parcel goes: `dies` and `waits` always come again, `later` once, `breaks` throws once.
  boolean wantsAgain(String parcel, String mood) {
    if (mood.equals("breaks") && again("breaks " + parcel, 1)) {
      throw new IllegalStateException("on purpose");
    }
    return mood.equals("dies")
        || mood.equals("waits")
        || (mood.equals("later") && again("later " + parcel, 1));
  }

  private boolean again(String what, int most) {
    return times.merge(what, 1, Integer::sum) <= most;
  }
}
