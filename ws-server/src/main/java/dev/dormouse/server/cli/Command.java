package dev.dormouse.server.cli;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// A command that does something and ends.
interface Command {
  /// Its name, options and help.
  CommandSpec spec();

  /// Does it.
  ///
  /// @return the exit code: 0 if all is well
  /// @throws CommandFailure or IOException saying to a person why it cannot
  int run(ParseResult parsed, Map<String, String> environment, Execution execution)
      throws IOException, InterruptedException;

  /// Who gives orders to a server: whoever is logged in.
  static String actor() {
    return System.getProperty("user.name", "somebody") + " (command line)";
  }
}
