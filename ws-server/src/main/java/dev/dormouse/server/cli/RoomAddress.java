package dev.dormouse.server.cli;

/// A room as it is named on the command line: `namespace/name`, or `namespace/id` where it is said
/// to be an id.
///
/// @param text the name, or the id in hexadecimal
record RoomAddress(String namespace, String text, boolean isId) {

  static RoomAddress of(String written, boolean isId) {
    int slash = written.indexOf('/');
    if (slash < 1 || slash == written.length() - 1) {
      throw new CommandFailure(
          "a room is named namespace/name (or namespace/id with --id), not '" + written + "'");
    }
    return new RoomAddress(written.substring(0, slash), written.substring(slash + 1), isId);
  }

  @Override
  public String toString() {
    return namespace + "/" + text;
  }
}
