package dev.dormouse.crash.check;

/// Something that must not be.
///
/// @param invariant which one is broken, such as `I3`
public record Finding(String invariant, String what) {
  @Override
  public String toString() {
    return invariant + ": " + what;
  }
}
