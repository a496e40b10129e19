package dev.dormouse.server.cli;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/// All commands but `serve`.
public final class Commands {
  private static final int FAILED = CommandLine.ExitCode.SOFTWARE;

  private Commands() {}

  private static List<Command> all() {
    return List.of(new BackupCommand(), new RestoreCommand(), new RoomCommand());
  }

  /// Adds them to a command line.
  public static void add(CommandLine line, IVersionProvider version) {
    for (Command command : all()) {
      var spec = command.spec();
      spec.versionProvider(version);
      line.addSubcommand(spec.name(), new CommandLine(spec));
    }
  }

  /// Runs the command that was asked for.
  ///
  /// @return its exit code
  public static int run(ParseResult parsed, Map<String, String> environment, Execution execution)
      throws InterruptedException {
    for (Command command : all()) {
      if (command.spec().name().equals(parsed.commandSpec().name())) {
        return run(command, parsed, environment, execution);
      }
    }
    throw new IllegalArgumentException("no command '" + parsed.commandSpec().name() + "'");
  }

  private static int run(
      Command command, ParseResult parsed, Map<String, String> environment, Execution execution)
      throws InterruptedException {
    try {
      return command.run(parsed, environment, execution);
    } catch (CommandFailure | IOException e) {
      System.err.println("dormouse: " + e.getMessage());
      return FAILED;
    }
  }
}
