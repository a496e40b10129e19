package dev.dormouse.loadtest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The first connection sends a text of 32 bytes that has to come to every connection of the room,
/// the sender included; `window` texts are under way at a time. Every connection must get every
/// text once, in order.
///
/// One operation is one delivery; its time is that of the round: from the send to the last
/// delivery.
final class Broadcast implements Conversation {
  private static final int LENGTH = 32;
  private static final int SENDER = 0;

  private final int window;
  private final Tally tally;

  /// The text of round r, when it was said, and how many have it, at r modulo the window.
  private final byte[][] said;

  private final long[] saidAt;
  private final int[] delivered;

  /// The round that each connection gets next.
  private final long[] next;

  private Voice voice = Silence.VOICE;
  private long begun;
  private long ended;

  Broadcast(int connections, int window, Tally tally) {
    this.window = window;
    this.tally = tally;
    this.said = new byte[window][];
    this.saidAt = new long[window];
    this.delivered = new int[window];
    this.next = new long[connections];
  }

  @Override
  public void begin(Voice voice) {
    this.voice = voice;
    for (int i = 0; i < window; i++) {
      said[i] = Numbered.text('b', LENGTH, 0);
      say();
    }
  }

  private void say() {
    int slot = (int) (begun % window);
    Numbered.renumber(said[slot], begun);
    delivered[slot] = 0;
    saidAt[slot] = System.nanoTime();
    begun++;
    voice.say(SENDER, said[slot], LENGTH);
  }

  @Override
  public void heard(int connection, byte[] bytes, int offset, int length) {
    long round = next[connection]++;
    int slot = (int) (round % window);
    if (round >= begun || !Arrays.equals(bytes, offset, offset + length, said[slot], 0, LENGTH)) {
      throw new WireException(
          "connection %d got '%s' where text %d of %d had to come"
              .formatted(
                  connection,
                  new String(bytes, offset, length, StandardCharsets.UTF_8),
                  round,
                  begun));
    }
    tally.count();
    if (++delivered[slot] == next.length) {
      tally.time(System.nanoTime() - saidAt[slot]);
      ended++;
      if (voice.goesOn()) {
        say();
      }
    }
  }

  @Override
  public boolean isQuiet() {
    return begun == ended;
  }

  @Override
  public void end() {
    for (int connection = 0; connection < next.length; connection++) {
      if (next[connection] != begun) {
        throw new WireException(
            "connection %d got %d of %d broadcasts".formatted(connection, next[connection], begun));
      }
    }
  }
}
