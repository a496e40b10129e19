package dev.dormouse.server.doctor;

/// What was found of one thing.
///
/// @param name of the thing, in a word or two
/// @param found as a person would say it
/// @param advice what to change and why; empty if nothing need be
/// @param command the exact command that changes it; empty if there is none
public record Check(String name, State state, String found, String advice, String command) {
  /// How it stands.
  public enum State {
    OK,
    WARNING,
    BAD
  }

  public static Check ok(String name, String found) {
    return new Check(name, State.OK, found, "", "");
  }

  public static Check warning(String name, String found, String advice, String command) {
    return new Check(name, State.WARNING, found, advice, command);
  }

  public static Check bad(String name, String found, String advice, String command) {
    return new Check(name, State.BAD, found, advice, command);
  }
}
