package dev.dormouse.loadtest;

import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/// Asks each connection once, the next one after the answer of the one before, and writes down how
/// long each took.
final class InTurn implements Conversation {
  private static final int LENGTH = 32;

  private final IntFunction<byte[]> questions;
  private final Check check;
  private final long[] nanos;
  private Voice voice = Silence.VOICE;
  private long askedAt;

  /// The connection whose answer is awaited; their number at the end.
  private int current;

  /// What an answer has to be.
  @FunctionalInterface
  interface Check {
    /// @throws WireException if it is something else
    void answered(int connection, String answer);
  }

  InTurn(int connections, IntFunction<byte[]> questions, Check check) {
    this.nanos = new long[connections];
    this.questions = questions;
    this.check = check;
  }

  /// Echoes of 32 bytes.
  ///
  /// @param round makes the texts differ from those of other rounds
  static InTurn echoes(int connections, long round) {
    IntFunction<byte[]> texts =
        connection -> {
          byte[] text = Numbered.text('e', LENGTH, connection);
          Numbered.renumber(text, round);
          return text;
        };
    return new InTurn(
        connections,
        texts,
        (connection, answer) -> {
          String wanted = new String(texts.apply(connection), StandardCharsets.US_ASCII);
          if (!answer.equals(wanted)) {
            throw new WireException(
                "connection %d sent '%s' and got '%s' back".formatted(connection, wanted, answer));
          }
        });
  }

  @Override
  public void begin(Voice voice) {
    this.voice = voice;
    ask();
  }

  private void ask() {
    if (current < nanos.length) {
      byte[] question = questions.apply(current);
      askedAt = System.nanoTime();
      voice.say(current, question, question.length);
    }
  }

  @Override
  public void heard(int connection, byte[] bytes, int offset, int length) {
    String answer = new String(bytes, offset, length, StandardCharsets.UTF_8);
    if (connection != current) {
      throw new WireException("connection %d, not asked, got '%s'".formatted(connection, answer));
    }
    check.answered(connection, answer);
    nanos[current++] = System.nanoTime() - askedAt;
    ask();
  }

  @Override
  public boolean isQuiet() {
    return current == nanos.length;
  }

  @Override
  public void end() {
    // Each answer was checked when it came; a missing one keeps the conversation from being quiet.
  }

  /// How long each connection's answer took, in nanoseconds.
  long[] nanos() {
    return nanos;
  }
}
