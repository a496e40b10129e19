package dev.dormouse.loadtest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToLongFunction;

/// Every connection asks its room for a durable transition, waits for the new counter, and asks
/// again. A room's answers must be the numbers after its first one, none missing and none twice,
/// and what the room has stored at the end must be the last of them.
final class Transitions implements Conversation {
  private static final byte[] ASK = "t".getBytes(StandardCharsets.US_ASCII);

  private final List<String> rooms;
  private final ToLongFunction<String> stored;
  private final Tally tally;
  private final Counter[] counters;
  private final long[] askedAt;
  private final boolean[] asked;
  private Voice voice = Silence.VOICE;
  private int awaited;

  /// @param rooms connection k asks room k modulo their number
  /// @param stored reads the counter that a room has stored
  Transitions(int connections, List<String> rooms, ToLongFunction<String> stored, Tally tally) {
    this.rooms = rooms;
    this.stored = stored;
    this.tally = tally;
    this.counters =
        rooms.stream()
            .map(room -> new Counter(room, stored.applyAsLong(room)))
            .toArray(Counter[]::new);
    this.askedAt = new long[connections];
    this.asked = new boolean[connections];
  }

  @Override
  public void begin(Voice voice) {
    this.voice = voice;
    for (int connection = 0; connection < asked.length; connection++) {
      ask(connection);
    }
  }

  private void ask(int connection) {
    asked[connection] = true;
    awaited++;
    askedAt[connection] = System.nanoTime();
    voice.say(connection, ASK, ASK.length);
  }

  @Override
  public void heard(int connection, byte[] bytes, int offset, int length) {
    long value = number(bytes, offset, length);
    if (value < 0 || !asked[connection]) {
      throw new WireException(
          "connection %d %s and got '%s'"
              .formatted(
                  connection,
                  asked[connection] ? "asked for a transition" : "asked nothing",
                  new String(bytes, offset, length, StandardCharsets.UTF_8)));
    }
    counters[connection % counters.length].answered(value);
    asked[connection] = false;
    awaited--;
    tally.add(System.nanoTime() - askedAt[connection]);
    if (voice.goesOn()) {
      ask(connection);
    }
  }

  /// The number behind the `t`, or -1 if there is something else.
  private static long number(byte[] bytes, int offset, int length) {
    if (length < 2 || length > 19 || bytes[offset] != 't') {
      return -1;
    }
    long number = 0;
    for (int i = offset + 1; i < offset + length; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  @Override
  public boolean isQuiet() {
    return awaited == 0;
  }

  @Override
  public void end() {
    for (int i = 0; i < counters.length; i++) {
      String room = rooms.get(i);
      long answered = counters[i].whole();
      long kept = stored.applyAsLong(room);
      if (kept != answered) {
        throw new WireException(
            "room %s answered up to %d and has stored %d".formatted(room, answered, kept));
      }
    }
  }
}
