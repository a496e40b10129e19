package dev.dormouse.loadtest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes down what a conversation says, so that a test can answer as it likes.
final class FakeVoice implements Conversation.Voice {
  private final List<Said> said = new ArrayList<>();
  private boolean goesOn = true;

  record Said(int connection, String text) {}

  @Override
  public void say(int connection, byte[] text, int length) {
    said.add(new Said(connection, new String(text, 0, length, StandardCharsets.UTF_8)));
  }

  @Override
  public boolean goesOn() {
    return goesOn;
  }

  void timeIsUp() {
    goesOn = false;
  }

  /// What was said since the last look.
  List<Said> saidSince() {
    List<Said> since = List.copyOf(said);
    said.clear();
    return since;
  }

  static void answer(Conversation conversation, int connection, String text) {
    byte[] bytes = ("##" + text).getBytes(StandardCharsets.UTF_8);
    conversation.heard(connection, bytes, 2, bytes.length - 2);
  }
}
