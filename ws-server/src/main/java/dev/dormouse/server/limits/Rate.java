package dev.dormouse.server.limits;

/// What may be said in a second. Who has been quiet may say at once what it could have said in
/// [#BURST] seconds.
///
/// @param messages frames and requests; [#ANY] for any number
/// @param bytes what is in them; [#ANY] for any number
public record Rate(int messages, int bytes) {
  public static final int ANY = Integer.MAX_VALUE;

  /// How many seconds' worth may come at once.
  static final int BURST = 2;

  /// For whom there is no limit.
  public static final Rate NONE = new Rate(ANY, ANY);

  /// Reads two settings, of which zero means any number.
  public static Rate of(int messages, int bytes) {
    return new Rate(messages == 0 ? ANY : messages, bytes == 0 ? ANY : bytes);
  }

  boolean isLimit() {
    return messages != ANY || bytes != ANY;
  }
}
