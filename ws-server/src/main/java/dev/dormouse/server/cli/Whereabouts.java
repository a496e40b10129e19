package dev.dormouse.server.cli;

import dev.dormouse.server.Setting;
import dev.dormouse.storage.StoredFormat;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// What a command works on: a server that runs, by its admin port, or a data folder at rest.
sealed interface Whereabouts {
  String DATA = "--data";
  String ADMIN = "--admin";
  String TOKEN_FILE = "--admin-token-file";

  /// The token's file in a data folder, unless another is named.
  String TOKEN = "admin-token";

  /// A running server.
  record Running(AdminPort port) implements Whereabouts {}

  /// Nobody has it open.
  record AtRest(Path data, StoredFormat format) implements Whereabouts {}

  static void options(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(DATA)
            .paramLabel("<folder>")
            .type(Path.class)
            .description(
                "The data folder. Default: " + Setting.DATA.byDefault() + " (DORMOUSE_DATA).")
            .build());
    spec.addOption(
        OptionSpec.builder(ADMIN)
            .paramLabel("<port>")
            .type(Integer.class)
            .description(
                "The admin port of the running server. By default the data folder says where it"
                    + " is.")
            .build());
    spec.addOption(
        OptionSpec.builder(TOKEN_FILE)
            .paramLabel("<file>")
            .type(Path.class)
            .description(
                "A file with the admin port's token. Default: " + TOKEN + " in the data folder.")
            .build());
  }

  static Path data(ParseResult parsed, Map<String, String> environment) {
    Path flag = parsed.matchedOptionValue(DATA, null);
    return flag != null
        ? flag
        : Path.of(environment.getOrDefault(Setting.DATA.variable(), Setting.DATA.byDefault()));
  }

  /// Finds out who is to be asked.
  static Whereabouts find(ParseResult parsed, Map<String, String> environment) throws IOException {
    Path data = data(parsed, environment);
    Integer admin = parsed.matchedOptionValue(ADMIN, null);
    Path named = parsed.matchedOptionValue(TOKEN_FILE, null);
    Optional<String> token = token(named, data);
    if (admin != null) {
      return new Running(new AdminPort(URI.create("http://127.0.0.1:" + admin), token));
    }
    Optional<StoredFormat> format = StoredFormat.of(data);
    Optional<String> user = Files.isDirectory(data) ? StoredFormat.user(data) : Optional.empty();
    if (user.isPresent()) {
      URI port =
          AdminNote.read(data)
              .orElseThrow(() ->
                  new CommandFailure(
                      "%s has the data folder %s open and has no admin port: start the server with --admin 8421, or stop it first"
                          .formatted(user.get(), data)));
      return new Running(new AdminPort(port, token));
    }
    return new AtRest(
        data,
        format.orElseThrow(() ->
            new CommandFailure(
                "%s is no data folder: name one with --data".formatted(data.toAbsolutePath()))));
  }

  private static Optional<String> token(Path named, Path data) throws IOException {
    Path file = named != null ? named : data.resolve(TOKEN);
    if (named == null && !Files.exists(file)) {
      return Optional.empty();
    }
    return Optional.of(Files.readString(file).strip());
  }
}
