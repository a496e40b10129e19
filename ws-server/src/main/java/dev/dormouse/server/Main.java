package dev.dormouse.server;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.cli.Commands;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// The command line. Exit codes: 0 after a stop in good order or a command that went well, 1 if the
/// server cannot start or fails, or the command does, 2 for a command line that it does not
/// understand.
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
    CommandSpec doctor = DoctorCommand.spec();
    doctor.versionProvider(version());
    line.addSubcommand(doctor.name(), new CommandLine(doctor));
    CommandSpec token = TokenCommand.spec();
    token.versionProvider(version());
    line.addSubcommand(token.name(), new CommandLine(token));
    Commands.add(line, version());
    line.setExecutionStrategy(parsed -> {
      if (CommandLine.executeHelpRequest(parsed) != null) {
        return CommandLine.ExitCode.OK;
      }
      try {
        ParseResult asked =
            parsed.hasSubcommand() ? parsed.subcommand() : line.parseArgs("serve").subcommand();
        if (asked.commandSpec().name().equals(serve.name())) {
          return ServeCommand.run(asked, environment, execution);
        }
        // What they print is for people; their log is what went wrong.
        Logs.configure(
            ServerSettings.defaults().with(Setting.LOG, "text").with(Setting.LOG_LEVEL, "warn"));
        if (asked.commandSpec().name().equals(doctor.name())) {
          return DoctorCommand.run(asked, environment, execution);
        }
        if (asked.commandSpec().name().equals(token.name())) {
          return TokenCommand.run(asked, environment, execution);
        }
        return Commands.run(asked, environment, execution);
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
    return () -> new String[] {"dormouse " + Version.number()};
  }
}
