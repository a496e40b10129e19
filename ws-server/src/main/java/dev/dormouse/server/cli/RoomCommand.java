package dev.dormouse.server.cli;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `dormouse room ...`: looks at what is stored of rooms and changes it, on a server that runs or
/// in a folder at rest.
final class RoomCommand implements Command {
  static final String NAMESPACE = "--namespace";
  static final String ID = "--id";
  static final String YES = "--yes";
  static final String FILE = "--file";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("room").mixinStandardHelpOptions(true);
    spec.usageMessage().description("Looks at what is stored of rooms, and changes it.");
    sub(spec, "list", "Lists the rooms that have something stored.", "", NAMESPACE);
    sub(spec, "show", "Shows a room's keys and alarms, the system's too.", "room", ID);
    sub(spec, "get", "Prints a value as it is.", "room key", ID);
    sub(spec, "put", "Writes a value.", "room key [value]", ID, FILE, YES);
    sub(spec, "delete", "Deletes a key; without one, all of the room.", "room [key]", ID, YES);
    sub(spec, "export", "Writes rooms as lines of JSON.", "[room]", ID, NAMESPACE, FILE);
    sub(spec, "import", "Makes rooms what such lines say.", "", FILE, YES);
    return spec;
  }

  /// @param parameters their names; those in brackets may be left out
  private static void sub(
      CommandSpec parent, String name, String what, String parameters, String... options) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(what);
    int index = 0;
    for (String parameter : parameters.isEmpty() ? new String[0] : parameters.split(" ", -1)) {
      boolean needed = !parameter.startsWith("[");
      spec.addPositional(
          PositionalParamSpec.builder()
              .index(Integer.toString(index++))
              .paramLabel(needed ? "<" + parameter + ">" : parameter)
              .type(String.class)
              .required(needed)
              .description(description(parameter))
              .build());
    }
    for (String option : options) {
      spec.addOption(option(option));
    }
    Whereabouts.options(spec);
    parent.addSubcommand(name, new CommandLine(spec));
  }

  private static String description(String parameter) {
    return parameter.contains("room")
        ? "namespace/name, or namespace/id with --id."
        : parameter.contains("key") ? "The key." : "The value, as text; else --file.";
  }

  private static OptionSpec option(String name) {
    return switch (name) {
      case NAMESPACE ->
          OptionSpec.builder(name)
              .paramLabel("<name>")
              .type(String.class)
              .description("Only rooms of this namespace.")
              .build();
      case FILE ->
          OptionSpec.builder(name)
              .paramLabel("<file>")
              .type(Path.class)
              .description("Instead of standard input or output.")
              .build();
      case ID ->
          OptionSpec.builder(name)
              .type(boolean.class)
              .description("The room is named by its id.")
              .build();
      default ->
          OptionSpec.builder(name)
              .type(boolean.class)
              .description("Yes, change what is stored.")
              .build();
    };
  }

  @Override
  public int run(ParseResult parsed, Map<String, String> environment, Execution execution)
      throws IOException, InterruptedException {
    if (!parsed.hasSubcommand()) {
      throw new CommandFailure("say what to do with rooms: see dormouse room --help");
    }
    ParseResult asked = parsed.subcommand();
    boolean changes =
        switch (asked.commandSpec().name()) {
          case "put", "delete", "import" -> true;
          default -> false;
        };
    if (changes && !asked.matchedOptionValue(YES, false)) {
      throw new CommandFailure(
          "this changes what is stored, behind the back of the room's code: say --yes if you mean it");
    }
    try (RoomBook book =
        switch (Whereabouts.find(asked, environment)) {
          case Whereabouts.Running(AdminPort port) -> new LiveBook(port);
          case Whereabouts.AtRest rest ->
              new RestingBook(rest.data(), Folder.open(rest, execution), execution);
        }) {
      return new RoomWork(book, asked).run();
    }
  }
}
