package dev.dormouse.server.cli;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.backup.Manifest;
import dev.dormouse.server.backup.Restoration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `dormouse restore`: makes a data folder of a backup, or only checks the backup.
final class RestoreCommand implements Command {
  private static final String FROM = "--from";
  private static final String TO = "--to";
  private static final String CHECK = "--check";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("restore").mixinStandardHelpOptions(true);
    spec.usageMessage().description("Makes a data folder of a backup, which is checked first.");
    spec.addOption(
        OptionSpec.builder(FROM)
            .paramLabel("<folder>")
            .type(Path.class)
            .required(true)
            .description("The backup.")
            .build());
    spec.addOption(
        OptionSpec.builder(TO)
            .paramLabel("<folder>")
            .type(Path.class)
            .description("The data folder that is made: a new or an empty one.")
            .build());
    spec.addOption(
        OptionSpec.builder(CHECK)
            .type(boolean.class)
            .description("Only checks that the backup is whole and undamaged.")
            .build());
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Map<String, String> environment, Execution execution)
      throws IOException {
    Path from = parsed.matchedOptionValue(FROM, Path.of("."));
    Path to = parsed.matchedOptionValue(TO, null);
    if (parsed.matchedOptionValue(CHECK, false)) {
      Manifest whole = Restoration.check(from);
      System.out.printf(
          "The backup in %s is whole: as of %s, %d files, %,d bytes%n",
          from, whole.moment(), whole.files().size(), whole.bytes());
      return 0;
    }
    if (to == null) {
      throw new CommandFailure("say where the data folder is to be made: --to <folder>");
    }
    Manifest made = Restoration.restore(from, to, execution);
    System.out.printf(
        "Restored as of %s into %s: start it with --data %s%s%n",
        made.moment(), to, to, made.shards() == 1 ? "" : " --store-files " + made.shards());
    return 0;
  }
}
