package dev.dormouse.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/// One of the room commands, at work.
record RoomWork(RoomBook book, ParseResult asked) {

  /// Prints to standard output and returns the exit code.
  int run() throws IOException, InterruptedException {
    return switch (asked.commandSpec().name()) {
      case "list" -> list();
      case "show" -> show();
      case "get" -> get();
      case "put" -> put();
      case "delete" -> delete();
      case "export" -> export();
      case "import" -> imported();
      case String other -> throw new IllegalArgumentException(other);
    };
  }

  private List<String> words() {
    return asked.matchedPositionals().stream()
        .flatMap(each -> each.originalStringValues().stream())
        .toList();
  }

  private RoomAddress room() {
    return RoomAddress.of(words().getFirst(), asked.matchedOptionValue(RoomCommand.ID, false));
  }

  private Optional<Path> file() {
    return Optional.ofNullable(asked.matchedOptionValue(RoomCommand.FILE, (Path) null));
  }

  private Optional<String> namespace() {
    return Optional.ofNullable(asked.matchedOptionValue(RoomCommand.NAMESPACE, (String) null));
  }

  private int list() throws IOException, InterruptedException {
    book.all(
        namespace(),
        room ->
            System.out.println(
                room.path("namespace").asText()
                    + "/"
                    + (room.has("name")
                        ? oneLine(room.path("name").asText())
                        : room.path("id").asText() + "  (an id)")));
    return 0;
  }

  /// A name with what would break its line, or steer a terminal, as `\\uXXXX`.
  private static String oneLine(String name) {
    StringBuilder shown = new StringBuilder();
    name.chars()
        .forEach(c -> {
          if (Character.isISOControl(c)) {
            shown.append("\\u%04x".formatted(c));
          } else {
            shown.append((char) c);
          }
        });
    return shown.toString();
  }

  private int show() throws IOException, InterruptedException {
    String after = "";
    do {
      JsonNode page = page(room(), "", after);
      if (after.isEmpty()) {
        System.out.printf(
            "%s  version %s, schema %s, id %s%s%n",
            room(),
            page.path("version").asText(),
            page.path("schema").asText(),
            page.path("id").asText(),
            page.path("tables").asBoolean() ? ", with tables" : "");
        page.path("alarms").forEach(System.out::println);
      }
      page.path("keys").forEach(System.out::println);
      after = page.path("next").asText("");
    } while (!after.isEmpty());
    return 0;
  }

  private JsonNode page(RoomAddress room, String prefix, String after)
      throws IOException, InterruptedException {
    return book.page(room, prefix, after)
        .orElseThrow(() -> new CommandFailure("nothing is stored of " + room));
  }

  private int get() throws IOException, InterruptedException {
    String key = words().get(1);
    for (JsonNode each : page(room(), key, "").path("keys")) {
      if (each.path("key").asText().equals(key) && !each.path("system").asBoolean()) {
        System.out.write(
            each.has("text")
                ? each.path("text").asText().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(each.path("base64").asText()));
        System.out.flush();
        return 0;
      }
    }
    throw new CommandFailure(room() + " has no key '" + key + "'");
  }

  private int put() throws IOException, InterruptedException {
    List<String> words = words();
    byte[] value =
        file().isPresent()
            ? Files.readAllBytes(file().get())
            : words.size() > 2
                ? words.get(2).getBytes(StandardCharsets.UTF_8)
                : System.in.readAllBytes();
    ObjectNode edit = AdminPort.JSON.createObjectNode();
    edit.withArray("keys")
        .addObject()
        .put("key", words.get(1))
        .put("base64", Base64.getEncoder().encodeToString(value));
    book.change(room(), edit);
    System.out.printf("%s: '%s' has %,d bytes now%n", room(), words.get(1), value.length);
    return 0;
  }

  private int delete() throws IOException, InterruptedException {
    ObjectNode edit = AdminPort.JSON.createObjectNode();
    List<String> words = words();
    if (words.size() > 1) {
      edit.withArray("keys").addObject().put("key", words.get(1));
    } else {
      edit.put("clear", true);
    }
    page(room(), "", "");
    book.change(room(), edit);
    System.out.println(
        words.size() > 1
            ? "'" + words.get(1) + "' is not in " + room() + " any more"
            : "all keys and alarms of " + room() + " are gone, but the system's own");
    return 0;
  }

  private int export() throws IOException, InterruptedException {
    if (file().isEmpty()) {
      export(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    } else {
      // So that a file which is there is a whole one.
      Path file = file().get().toAbsolutePath();
      Path draft = file.resolveSibling(file.getFileName() + ".part");
      try {
        try (PrintStream out = new PrintStream(draft.toFile(), StandardCharsets.UTF_8)) {
          export(out);
          if (out.checkError()) {
            throw new CommandFailure(draft + " could not be written");
          }
        }
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    }
    return 0;
  }

  private void export(PrintStream out) throws IOException, InterruptedException {
    RoomLines.title(out);
    if (!words().isEmpty()) {
      switch (RoomLines.write(book, room(), out)) {
        case WRITTEN -> {}
        case NOTHING -> throw new CommandFailure("nothing is stored of " + room());
        case TABLES ->
            throw new CommandFailure(
                room() + " has tables, which no export has: a backup has them");
      }
      return;
    }
    List<RoomAddress> skipped = new ArrayList<>();
    book.all(
        namespace(),
        room -> {
          // The system's own rooms have no rows that anybody could import.
          if (!room.path("namespace").asText().startsWith("_")) {
            boolean named = room.has("name");
            RoomAddress address =
                new RoomAddress(
                    room.path("namespace").asText(),
                    room.path(named ? "name" : "id").asText(),
                    !named);
            if (RoomLines.write(book, address, out) == RoomLines.Written.TABLES) {
              skipped.add(address);
            }
          }
        });
    if (!skipped.isEmpty()) {
      System.err.printf(
          "%,d rooms have tables and were left out, %s first: a backup has them%n",
          skipped.size(), skipped.getFirst());
    }
  }

  private int imported() throws IOException, InterruptedException {
    int rooms;
    try (BufferedReader in =
        file().isPresent()
            ? Files.newBufferedReader(file().get())
            : new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      rooms = RoomLines.read(in, book);
    }
    System.out.printf("%,d rooms were imported%n", rooms);
    return 0;
  }
}
