package dev.dormouse.loadtest;

/// What the clients of one case say, and what they accept as an answer.
///
/// Knows connections only by their number, so that it can be tested without a socket.
interface Conversation {
  /// Says the first words, once all connections are open.
  void begin(Voice voice);

  /// Checks one text that came to a connection, and says the next if there is to be more.
  ///
  /// @param bytes holds the text at `offset`; valid during the call only
  /// @throws WireException if it is not what had to come
  void heard(int connection, byte[] bytes, int offset, int length);

  /// True when every word has its answer.
  boolean isQuiet();

  /// Checks the whole, after the last answer.
  ///
  /// @throws WireException if something was lost, doubled, or made up
  void end();

  /// How a conversation speaks.
  interface Voice {
    /// Sends the first `length` bytes as one text message.
    void say(int connection, byte[] text, int length);

    /// False once the time is up: what is under way is still answered, nothing new begins.
    boolean goesOn();
  }
}
