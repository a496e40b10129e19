package dev.dormouse.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.log.ChronicleLogs;
import dev.dormouse.saga.log.LogBackup;
import dev.dormouse.saga.log.LogSettings;
import dev.dormouse.server.Version;
import dev.dormouse.server.backup.Backup;
import dev.dormouse.server.backup.Manifest;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.sql.SqlRoomStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `dormouse backup`: a copy of all that is stored, of a server at work or of a folder at rest.
final class BackupCommand implements Command {
  private static final String TO = "--to";
  private static final String RATE = "--rate";
  private static final int USUAL_MIB = 64;
  private static final int LOOK_MILLIS = 100;

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("backup").mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            "Copies all that is stored into a new folder, as of one moment, and checks the copy."
                + " Rooms go on meanwhile.");
    spec.addOption(
        OptionSpec.builder(TO)
            .paramLabel("<folder>")
            .type(Path.class)
            .required(true)
            .description("Where the backup is made: a new or an empty folder.")
            .build());
    spec.addOption(
        OptionSpec.builder(RATE)
            .paramLabel("<MiB per second>")
            .type(Integer.class)
            .description(
                "How fast it is written, so that the disk has time for the rooms. Default: "
                    + USUAL_MIB
                    + "; 0 for as fast as it goes.")
            .build());
    Whereabouts.options(spec);
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Map<String, String> environment, Execution execution)
      throws IOException, InterruptedException {
    Path named = parsed.matchedOptionValue(TO, Path.of("."));
    Path to = named.toAbsolutePath().normalize();
    int rate = parsed.matchedOptionValue(RATE, USUAL_MIB);
    if (rate < 0) {
      throw new CommandFailure(RATE + " is not negative");
    }
    String made =
        switch (Whereabouts.find(parsed, environment)) {
          case Whereabouts.Running(AdminPort port) -> running(port, to, rate);
          case Whereabouts.AtRest rest -> atRest(rest, to, rate, execution);
        };
    System.out.println(made);
    return 0;
  }

  private static String running(AdminPort port, Path to, int rate)
      throws IOException, InterruptedException {
    ObjectNode order = AdminPort.JSON.createObjectNode();
    order.put("actor", Command.actor()).put("to", to.toString()).put("rate", rate);
    JsonNode state = port.post("/backups", order).granted();
    while (state.path("state").asText().equals("running")) {
      Thread.sleep(LOOK_MILLIS);
      state = port.get("/backups").granted();
    }
    if (!state.path("folder").asText().equals(to.toString())
        || !state.path("state").asText().equals("done")) {
      throw new CommandFailure("the backup failed: " + state.path("why").asText());
    }
    return said(
        to,
        state.path("moment").asText(),
        state.path("files").asInt(),
        state.path("bytes").asLong(),
        state.path("heldMicros").asLong());
  }

  private static String atRest(Whereabouts.AtRest at, Path to, int rate, Execution execution)
      throws IOException, InterruptedException {
    SqliteRoomStore files = Folder.open(at, execution);
    try (SqlRoomStore store = Folder.withSql(at, files, execution)) {
      ChronicleLogs logs =
          new ChronicleLogs(at.data().resolve("queues"), LogSettings.defaults(), execution);
      Manifest made =
          new Backup(
                  List.of(new LogBackup(logs, LogBackup.nobody()), store.backup(), files.backup()),
                  at.format().format(),
                  at.format().files(),
                  Version.number(),
                  execution)
              .write(to, (long) rate << 20);
      return said(
          to, made.moment().toString(), made.files().size(), made.bytes(), made.heldMicros());
    }
  }

  private static String said(Path to, String moment, int files, long bytes, long heldMicros) {
    return "Backed up as of %s into %s: %d files, %,d bytes; commits were held for %,d µs"
        .formatted(moment, to, files, bytes, heldMicros);
  }
}
