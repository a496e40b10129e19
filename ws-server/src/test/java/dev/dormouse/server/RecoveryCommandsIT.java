package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.runtime.SystemExecution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands beside `serve`, as people type them, on a server at work and on a folder at rest.
@Timeout(180)
@DisplayName("The command line")
class RecoveryCommandsIT {
  @TempDir Path folder;

  private record Said(int code, String out, String errors) {}

  private Said does(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    boolean onData = !all.getFirst().equals("restore");
    if (onData && !all.contains("--data")) {
      all.addAll(List.of("--data", folder.resolve("data").toString()));
    }
    // In this process: a JVM for each would take longer than what it does. BackupStormIT has some.
    PrintStream out = System.out;
    PrintStream errors = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(all.toArray(String[]::new), Map.of(), new SystemExecution());
      return new Said(
          code,
          said.toString(StandardCharsets.UTF_8).strip(),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(errors);
    }
  }

  private String well(String... arguments) throws Exception {
    Said said = does(arguments);
    assertThat(said.code()).as(said.errors()).isZero();
    return said.out();
  }

  private ServerProcess serve() throws IOException {
    return ServerProcess.start(
        folder,
        "serve",
        "--port",
        "0",
        "--admin",
        "0",
        "--data",
        folder.resolve("data").toString());
  }

  /// What is the same whether a server runs or not.
  private void reads_and_writes_rooms() throws Exception {
    assertThat(does("room", "put", "chat/lobby", "topic", "tea").errors()).contains("--yes");
    well("room", "put", "chat/lobby", "topic", "tea", "--yes");
    well("room", "put", "chat/a/b", "x", "1", "--yes");
    assertThat(well("room", "get", "chat/lobby", "topic")).isEqualTo("tea");
    assertThat(well("room", "list", "--namespace", "chat").lines())
        .contains("chat/lobby", "chat/a/b");
    assertThat(well("room", "show", "chat/lobby"))
        .contains("version 1,")
        .contains("{\"key\":\"topic\",\"text\":\"tea\"}");

    Path lines = folder.resolve("rooms.jsonl");
    well("room", "export", "chat/lobby", "--file", lines.toString());
    well("room", "put", "chat/lobby", "more", "1", "--yes");
    well("room", "import", "--file", lines.toString(), "--yes");
    assertThat(well("room", "show", "chat/lobby")).contains("topic").doesNotContain("more");

    well("room", "delete", "chat/lobby", "topic", "--yes");
    assertThat(does("room", "get", "chat/lobby", "topic").code()).isEqualTo(1);
    well("room", "delete", "chat/a/b", "--yes");
    assertThat(well("room", "show", "chat/a/b")).contains("version 2,").doesNotContain("\"key\"");
    assertThat(does("room", "put", "_queue/q/g", "x", "1", "--yes").code()).isEqualTo(1);
  }

  @Test
  void looks_at_rooms_and_changes_them_while_a_server_runs() throws Exception {
    try (ServerProcess server = serve()) {
      server.port();
      reads_and_writes_rooms();
    }
  }

  @Test
  void looks_at_rooms_and_changes_them_in_a_folder_at_rest() throws Exception {
    assertThat(does("room", "list").errors()).contains("no data folder");
    try (ServerProcess server = serve()) {
      server.port();
      server.signal("TERM");
      server.exit();
    }
    reads_and_writes_rooms();
  }

  @Test
  void S4_reads_and_writes_keys_of_rooms_with_SQL_and_exports_none_that_has_tables()
      throws Exception {
    Path lines = folder.resolve("rooms.jsonl");
    try (ServerProcess server = serve()) {
      HttpRequest events =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://localhost:%d/rooms/analytics/visits/-/events"
                          .formatted(server.port())))
              .POST(BodyPublishers.ofString("{\"events\":[{\"id\":\"1\",\"name\":\"seen\"}]}"))
              .build();
      try (HttpClient http = HttpClient.newHttpClient()) {
        assertThat(http.send(events, BodyHandlers.ofString()).body()).contains("\"taken\":1");
      }
      assertThat(well("room", "list", "--namespace", "analytics")).isEqualTo("analytics/visits");
      well("room", "put", "analytics/visits", "note", "ours", "--yes");
      assertThat(well("room", "get", "analytics/visits", "note")).isEqualTo("ours");
      assertThat(well("room", "show", "analytics/visits")).contains("with tables");
      Said export = does("room", "export", "analytics/visits", "--file", lines.toString());
      assertThat(export.code()).isEqualTo(1);
      assertThat(export.errors()).contains("analytics/visits has tables", "backup");
      assertThat(lines).as("what was begun").doesNotExist();
      well("room", "put", "chat/lobby", "topic", "tea", "--yes");
      Said all = does("room", "export", "--file", lines.toString());
      assertThat(all.code()).as(all.errors()).isZero();
      assertThat(all.errors()).contains("1 rooms have tables", "analytics/visits", "backup");
      assertThat(Files.readString(lines)).contains("\"topic\"").doesNotContain("analytics");
      server.signal("TERM");
      server.exit();
    }
    assertThat(well("room", "list", "--namespace", "analytics")).isEqualTo("analytics/visits");
    for (String[] asked :
        new String[][] {
          {"room", "show", "analytics/visits"},
          {"room", "get", "analytics/visits", "note"},
          {"room", "put", "analytics/visits", "note", "mine", "--yes"},
          {"room", "delete", "analytics/visits", "--yes"},
          {"room", "export", "--namespace", "analytics", "--file", lines.toString()}
        }) {
      Said said = does(asked);
      assertThat(said.code()).as(String.join(" ", asked)).isEqualTo(1);
      assertThat(said.errors()).contains("rooms of 'analytics' have SQL: start the server");
    }
    // What lies beside them is exported as ever.
    well("room", "put", "chat/lobby", "topic", "tea", "--yes");
    well("room", "export", "--namespace", "chat", "--file", lines.toString());
    assertThat(Files.readString(lines)).contains("\"topic\"");
    Files.writeString(
        lines,
        Files.readString(lines).replace("\"namespace\":\"chat\"", "\"namespace\":\"analytics\""));
    assertThat(does("room", "import", "--file", lines.toString(), "--yes").errors())
        .contains("rooms of 'analytics' have SQL");
    try (ServerProcess server = serve()) {
      server.port();
      assertThat(well("room", "get", "analytics/visits", "note")).isEqualTo("ours");
    }
  }

  @Test
  void says_whom_to_ask_where_the_server_has_no_admin_port() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(
            folder, "serve", "--port", "0", "--data", folder.resolve("data").toString())) {
      server.port();
      assertThat(does("room", "list").errors())
          .contains("--admin")
          .contains("process " + server.pid());
    }
  }

  @Test
  void makes_a_backup_and_a_folder_of_it() throws Exception {
    Path backup = folder.resolve("backup");
    Path restored = folder.resolve("restored");
    try (ServerProcess server = serve()) {
      server.port();
      well("room", "put", "chat/lobby", "topic", "tea", "--yes");
      assertThat(well("backup", "--to", backup.toString())).contains("Backed up as of");
      well("room", "put", "chat/lobby", "topic", "later", "--yes");
    }
    assertThat(well("restore", "--from", backup.toString(), "--check")).contains("is whole");
    assertThat(well("restore", "--from", backup.toString(), "--to", restored.toString()))
        .contains("--data " + restored);
    assertThat(does("restore", "--from", backup.toString(), "--to", restored.toString()).code())
        .isEqualTo(1);
    assertThat(well("room", "get", "chat/lobby", "topic", "--data", restored.toString()))
        .isEqualTo("tea");
    // A folder at rest can be backed up, too.
    well("backup", "--to", folder.resolve("second").toString(), "--data", restored.toString());
    well("restore", "--from", folder.resolve("second").toString(), "--check");
    Files.delete(backup.resolve("manifest.json"));
    assertThat(does("restore", "--from", backup.toString(), "--check").errors())
        .contains("no whole backup");
  }

  @Test
  void the_doctor_says_line_by_line_what_suits_and_ends_with_1_if_anything_is_bad()
      throws Exception {
    Said said = does("doctor");
    assertThat(said.out())
        .contains(
            "Java",
            "descriptors",
            "data folder",
            "file system",
            "free space",
            "a sync of 4 KiB",
            "clock");
    JsonNode json = new ObjectMapper().readTree(does("doctor", "--json").out());
    assertThat(json.path("checks").findValuesAsText("name")).contains("Java", "syncs", "clock");

    assertThat(does("doctor", "--clients", "100000000").code()).isEqualTo(1);
    try (java.net.ServerSocket taken = new java.net.ServerSocket(0)) {
      Said busy = does("doctor", "--port", Integer.toString(taken.getLocalPort()));
      assertThat(busy.code()).isEqualTo(1);
      assertThat(busy.out())
          .contains("port " + taken.getLocalPort())
          .contains("dormouse serve --port");
    }
  }
}
