package dev.dormouse.loadtest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Every connection sends a text of 32 bytes, waits for the same text, and sends the next one.
final class Echo implements Conversation {
  private static final int LENGTH = 32;

  private final byte[][] said;
  private final long[] saidAt;
  private final long[] rounds;
  private final Tally tally;
  private Voice voice = Silence.VOICE;
  private int awaited;

  Echo(int connections, Tally tally) {
    this.said = new byte[connections][];
    this.saidAt = new long[connections];
    this.rounds = new long[connections];
    this.tally = tally;
  }

  @Override
  public void begin(Voice voice) {
    this.voice = voice;
    for (int connection = 0; connection < said.length; connection++) {
      said[connection] = Numbered.text('e', LENGTH, connection);
      say(connection);
    }
  }

  private void say(int connection) {
    Numbered.renumber(said[connection], rounds[connection]++);
    awaited++;
    saidAt[connection] = System.nanoTime();
    voice.say(connection, said[connection], LENGTH);
  }

  @Override
  public void heard(int connection, byte[] bytes, int offset, int length) {
    byte[] wanted = said[connection];
    if (!Arrays.equals(bytes, offset, offset + length, wanted, 0, LENGTH)) {
      throw new WireException(
          "connection %d sent '%s' and got '%s' back"
              .formatted(
                  connection,
                  new String(wanted, StandardCharsets.US_ASCII),
                  new String(bytes, offset, length, StandardCharsets.UTF_8)));
    }
    if (awaited-- == 0) {
      throw new WireException("connection " + connection + " got its echo twice");
    }
    tally.add(System.nanoTime() - saidAt[connection]);
    if (voice.goesOn()) {
      say(connection);
    } else {
      said[connection] = new byte[LENGTH]; // nothing that may come now is right
    }
  }

  @Override
  public boolean isQuiet() {
    return awaited == 0;
  }

  @Override
  public void end() {
    // Each echo was compared when it came; a missing one keeps the conversation from being quiet.
  }
}
