package dev.dormouse.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.access.Denial;
import dev.dormouse.server.access.Gate;
import dev.dormouse.server.access.Grants;
import dev.dormouse.server.access.Person;
import dev.dormouse.server.access.Signer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `dormouse token`: makes a token for tries, or says what one is worth to a server with these
/// settings.
final class TokenCommand {
  private static final String NAME = "token";
  private static final String SUBJECT = "--sub";
  private static final String GRANT = "--grant";
  private static final String FOR = "--for";
  private static final String KEY = "--key";
  private static final String CHECK = "--check";
  private static final String USUAL = "1h";

  private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
  private static final ObjectMapper JSON = new ObjectMapper();

  private TokenCommand() {}

  static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name(NAME).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            "Prints a token for a server with these settings, signed with its secret or with a"
                + " private key; or says what a token is worth there, and why not: then the exit"
                + " code is 1.")
        .footer("", "  dormouse token --access-secret secret --sub ann --grant 'write:collab/**'");
    option(spec, SUBJECT, "<name>", "Whose token it is ('sub').");
    spec.addOption(
        OptionSpec.builder(GRANT)
            .paramLabel("<grant>")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .splitRegex(",")
            .description("What it lets him do, such as write:collab/**; once for each.")
            .build());
    option(spec, FOR, "<time>", "How long it is good: 90s, 30m, 1h, 7d. Default: " + USUAL + ".");
    option(
        spec,
        KEY,
        "<file>",
        "A private key as JSON Web Key, to sign with in place of the last secret of"
            + " --access-secret.");
    option(spec, CHECK, "<token>", "Says what this token is worth; '-' reads it from the input.");
    // Those of serve's by which tokens are taken.
    CommandSpec serve = CommandSpec.create();
    ServeCommand.settings(serve);
    for (OptionSpec each : serve.options()) {
      if (each.longestName().startsWith("--access-") || each.longestName().equals("--config")) {
        spec.addOption(each.toBuilder().build());
      }
    }
    return spec;
  }

  private static void option(CommandSpec spec, String name, String label, String description) {
    spec.addOption(
        OptionSpec.builder(name)
            .paramLabel(label)
            .type(String.class)
            .description(description)
            .build());
  }

  static int run(ParseResult parsed, Map<String, String> environment, Execution execution) {
    ServerSettings settings = ServeCommand.settings(parsed, environment);
    String check = parsed.matchedOptionValue(CHECK, null);
    Said said =
        check == null
            ? new Said(true, made(parsed, settings, execution.instant()))
            : checked(check.equals("-") ? input(System.in) : check, settings, execution);
    System.out.println(said.text);
    return said.fine ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /// @param fine whether the server would take the token
  record Said(boolean fine, String text) {}

  private static String input(InputStream in) {
    try {
      return new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new StartException("the token cannot be read: " + e.getMessage(), e);
    }
  }

  // ---- one that is made

  static String made(ParseResult parsed, ServerSettings settings, Instant now) {
    List<String> grants = parsed.matchedOptionValue(GRANT, List.of());
    try {
      var _ = Grants.of(grants);
    } catch (IllegalArgumentException e) {
      throw new StartException(GRANT + ": " + e.getMessage(), e);
    }
    return signer(parsed.matchedOptionValue(KEY, ""), settings.text(Setting.ACCESS_SECRET))
        .token(
            new Signer.Content(
                parsed.matchedOptionValue(SUBJECT, null),
                now.plus(time(parsed.matchedOptionValue(FOR, USUAL))),
                settings.text(Setting.ACCESS_CLAIM),
                grants,
                settings.text(Setting.ACCESS_ISSUER),
                settings.list(Setting.ACCESS_AUDIENCE)));
  }

  private static Signer signer(String key, String secrets) {
    if (key.isEmpty() && secrets.isEmpty()) {
      throw new StartException(
          "what is it signed with? --access-secret <file> names the server's secret, --key <file> a"
              + " private key");
    }
    String file = key.isEmpty() ? secrets : key;
    try {
      return key.isEmpty() ? Signer.ofSecrets(Path.of(file)) : Signer.ofKey(Path.of(file));
    } catch (IOException e) {
      throw new StartException("%s cannot be used: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Duration time(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new StartException(FOR + " takes a time such as 90s, 30m, 1h or 7d");
    }
    long number = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  // ---- one that is looked at

  static Said checked(String token, ServerSettings settings, Execution execution) {
    Gate gate = Opening.gate(settings, false, execution);
    if (!gate.asks()) {
      throw new StartException(
          "with neither --access-secret nor --access-keys a server asks for no token");
    }
    try {
      Person person = gate.identify(token);
      return new Said(true, worth(person, settings, execution.instant()));
    } catch (Denial.Found no) {
      String code = no.denial().name().toLowerCase(Locale.ROOT).replace('_', '-');
      return new Said(
          false, "refused  %s: %s%n%s".formatted(code, no.getMessage(), unchecked(token)));
    }
  }

  private static String worth(Person person, ServerSettings settings, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add("who      " + (person.subject() == null ? "nobody" : shown(person.subject())));
    Instant until = person.until();
    if (until != null) {
      lines.add(
          "until    %s, for %d s more, %d s for clocks included"
              .formatted(
                  until,
                  Duration.between(now, until).toSeconds(),
                  settings.seconds(Setting.ACCESS_SKEW).toSeconds()));
    }
    person.grants().texts().forEach(grant -> lines.add("may      " + shown(grant)));
    if (person.grants().texts().isEmpty()) {
      lines.add(
          "may      nothing but what --anonymous allows: '%s' grants nothing"
              .formatted(settings.text(Setting.ACCESS_CLAIM)));
    }
    Grants.misspelt(person.claims().get(settings.text(Setting.ACCESS_CLAIM)))
        .forEach(word -> lines.add("no grant " + shown(word)));
    return String.join(System.lineSeparator(), lines);
  }

  /// What a token says that nobody vouches for.
  private static String unchecked(String token) {
    String[] parts = token.split("\\.", -1);
    List<String> said = new ArrayList<>();
    for (int i = 0; i < Math.min(2, parts.length); i++) {
      try {
        byte[] json = Base64.getUrlDecoder().decode(parts[i]);
        said.add(JSON.writeValueAsString(JSON.readTree(json)));
      } catch (IOException | IllegalArgumentException e) {
        said.add("(unreadable)");
      }
    }
    return "it says, unchecked: " + String.join(" ", said);
  }

  /// As JSON has it, so that a token says nothing to the terminal.
  private static String shown(String text) {
    try {
      String json = JSON.writeValueAsString(text);
      return json.substring(1, json.length() - 1);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text can be written", e);
    }
  }
}
