package dev.dormouse.room.spi;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Doorman.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a list of verdicts amounts to, sorted by who is meant.
///
/// Answers and relays go to different connections and a pass to the room, so nobody can tell in
/// which order the kinds are carried out; within a kind the order stays. A close is the last that
/// happens to the connection at hand: what is answered or passed behind it counts for nothing, what
/// is relayed does.
///
/// @param answers for the connection at hand
/// @param relays for the others
/// @param passes whether the room gets the message; once, however often it was said
/// @param close how the connection at hand ends, or null if it stays
public record Ruling(
    List<Message> answers, List<Message> relays, boolean passes, @Nullable CloseStatus close) {
  private static final Ruling TAKEN = new Ruling(List.of(), List.of(), false, null);
  private static final Ruling PASSED = new Ruling(List.of(), List.of(), true, null);

  public static Ruling of(List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      return TAKEN;
    }
    // Most messages are for the room.
    if (verdicts.equals(Verdict.PASS)) {
      return PASSED;
    }
    List<Message> answers = new ArrayList<>();
    List<Message> relays = new ArrayList<>();
    boolean passes = false;
    CloseStatus close = null;
    for (Verdict verdict : verdicts) {
      switch (verdict) {
        case Verdict.Relay(Message message) -> relays.add(message);
        case Verdict.Answer(Message message) -> {
          if (close == null) {
            answers.add(message);
          }
        }
        case Verdict.Pass _ -> passes |= close == null;
        case Verdict.Close(CloseStatus status) -> close = close == null ? status : close;
      }
    }
    return new Ruling(answers, relays, passes, close);
  }

  /// The connection at hand is closed, and that is all.
  public static Ruling closing(CloseStatus status) {
    return new Ruling(List.of(), List.of(), false, status);
  }

  /// The same, and then the connection at hand is closed, unless it is anyway.
  public Ruling thenClosing(CloseStatus status) {
    return close != null ? this : new Ruling(answers, relays, passes, status);
  }
}
