package dev.dormouse.rooms.fleet.rollout;

/// Where a device stands in a rollout.
enum DeviceState {
  /// Its turn has not come; if the rollout has ended, it never will.
  WAITING('w'),
  /// It is being updated.
  UPDATING('u'),
  /// It has the new firmware and is well; the rollout is not decided yet.
  CONFIRMED('c'),
  /// It has it for good.
  UPDATED('d'),
  /// It did not succeed and will be tried again: it is being brought back, or waits for its time.
  RETRYING('t'),
  /// It is being brought back.
  RETURNING('b'),
  /// It has its old firmware again, or never left it.
  RETURNED('r'),
  /// It does not go back: somebody has to look.
  STUCK('s');

  private final char letter;

  DeviceState(char letter) {
    this.letter = letter;
  }

  /// How the feed writes it, where it writes a thousand of them.
  char letter() {
    return letter;
  }
}
