package dev.dormouse.loadtest;

/// The voice of a conversation that has not begun.
enum Silence implements Conversation.Voice {
  VOICE;

  @Override
  public void say(int connection, byte[] text, int length) {
    throw new IllegalStateException("the conversation has not begun");
  }

  @Override
  public boolean goesOn() {
    return false;
  }
}
