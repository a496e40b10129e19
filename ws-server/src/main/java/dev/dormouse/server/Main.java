package dev.dormouse.server;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.Execution;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;

/// The command line. Exit codes: 0 after a stop in good order, 1 if the server cannot start or
/// fails, 2 for a command line that it does not understand.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    int code = run(arguments, System.getenv(), new SystemExecution());
    System.exit(code);
  }

  /// Does what the command line says and returns the exit code, for `serve` when the server ends.
  ///
  /// @param execution what the server runs on; tests bring one with failpoints
  static int run(String[] arguments, Map<String, String> environment, Execution execution) {
    CommandSpec top = CommandSpec.create().name("dormouse").mixinStandardHelpOptions(true);
    top.usageMessage()
        .description("A realtime server whose rooms sleep. Without a command: serve.");
    top.versionProvider(version());
    CommandSpec serve = ServeCommand.spec();
    serve.versionProvider(version());
    CommandLine line = new CommandLine(top).addSubcommand("serve", new CommandLine(serve));
    line.setExecutionStrategy(parsed -> {
      if (CommandLine.executeHelpRequest(parsed) != null) {
        return CommandLine.ExitCode.OK;
      }
      try {
        return ServeCommand.run(
            parsed.hasSubcommand() ? parsed.subcommand() : line.parseArgs("serve").subcommand(),
            environment,
            execution);
      } catch (StartException e) {
        System.err.println("dormouse: " + e.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return CommandLine.ExitCode.SOFTWARE;
      }
    });
    return line.execute(arguments);
  }

  private static IVersionProvider version() {
    return () -> new String[] {"dormouse " + versionNumber()};
  }

  /// The version in the jar that this runs from.
  static String versionNumber() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
