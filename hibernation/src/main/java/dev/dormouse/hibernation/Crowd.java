package dev.dormouse.hibernation;

/// Counts the connections of each person who has shown a token. Called from any thread; must not
/// block.
public interface Crowd {

  /// Counts a connection in.
  ///
  /// @param holder whose it is, see [Stay#holder]
  /// @return false if he has as many as he may; then nothing was counted
  boolean enter(long holder);

  /// Counts out one that was counted in.
  void leave(long holder);

  /// Counts nobody.
  Crowd NONE =
      new Crowd() {
        @Override
        public boolean enter(long holder) {
          return true;
        }

        @Override
        public void leave(long holder) {}
      };
}
