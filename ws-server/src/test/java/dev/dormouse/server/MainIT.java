package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The server as people start and stop it.
@Timeout(180)
class MainIT {
  @TempDir Path folder;

  private String data() {
    return folder.resolve("data").toString();
  }

  private ServerProcess serve(String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0", "--data", data()));
    arguments.addAll(List.of(more));
    return ServerProcess.start(folder, arguments.toArray(String[]::new));
  }

  private static String get(int port, String path) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(port)) {
      client.bytes(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(UTF_8));
      RawWebSocket.Head head = client.head();
      return head.status() + " " + client.body(head);
    }
  }

  @Nested
  class Starting {
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void prints_one_line_and_ends_with_0_when_it_is_told_to(String signal) throws Exception {
      try (ServerProcess server = serve()) {
        int port = server.port();
        assertThat(get(port, "/healthz")).isEqualTo("200 {\"status\":\"ok\"}");

        server.signal(signal);

        assertThat(server.exit()).as(server.errors()).isZero();
        assertThat(server.rest()).isEmpty();
      }
    }

    @Test
    void a_taken_port_says_who_has_it() throws Exception {
      try (ServerSocket taken = new ServerSocket(0);
          ServerProcess server =
              ServerProcess.start(
                  folder,
                  "serve",
                  "--data",
                  data(),
                  "--port",
                  Integer.toString(taken.getLocalPort()))) {
        assertThat(server.exit()).isEqualTo(1);
        assertThat(server.errors())
            .contains(
                "port "
                    + taken.getLocalPort()
                    + " is taken by process "
                    + ProcessHandle.current().pid()
                    + " (");
        assertThat(server.rest()).isEmpty();
      }
    }

    @Test
    void S5_a_second_server_on_the_folder_is_refused_and_names_the_first() throws Exception {
      try (ServerProcess first = serve()) {
        int port = first.port();
        try (ServerProcess second = serve()) {
          assertThat(second.exit()).isEqualTo(1);
          assertThat(second.errors()).contains("process " + first.pid()).contains(data());
        }
        assertThat(get(port, "/healthz")).startsWith("200 ");
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "serve --port 70000",
          "serve --store-files 9",
          "serve --rooms /nowhere.jar",
          "serve --config /nowhere.properties",
          "serve --host no.such.host.invalid"
        })
    void what_is_not_possible_is_refused_with_a_sentence(String line) throws Exception {
      List<String> arguments = new ArrayList<>(List.of(line.split(" ", -1)));
      arguments.addAll(List.of("--data", data()));
      try (ServerProcess server = ServerProcess.start(folder, arguments.toArray(String[]::new))) {
        assertThat(server.exit()).isEqualTo(1);
        assertThat(server.errors()).startsWith("dormouse: ").doesNotContain("\tat ");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve --nonsense", "dance", "serve --port"})
    void a_line_that_is_not_understood_ends_with_2(String line) throws Exception {
      try (ServerProcess server = ServerProcess.start(folder, line.split(" ", -1))) {
        assertThat(server.exit()).isEqualTo(2);
        assertThat(server.errors()).isNotBlank();
      }
    }

    @Test
    void help_names_every_setting_in_its_group() throws Exception {
      try (ServerProcess server = ServerProcess.start(folder, "serve", "--help")) {
        String help = String.join("\n", server.rest());
        assertThat(server.exit()).isZero();
        for (Setting setting : Setting.values()) {
          assertThat(help).contains("--" + setting.key());
        }
        assertThat(help.lines())
            .containsSubsequence(
                Arrays.stream(SettingGroup.values()).map(SettingGroup::title).toList());
      }
    }

    @Test
    void compact_object_headers_are_refused_where_they_corrupt_data() throws Exception {
      try (ServerProcess server =
          ServerProcess.start(
              folder,
              "",
              List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+UseCompactObjectHeaders"),
              "serve",
              "--port",
              "0",
              "--data",
              data())) {
        if (server.started()) {
          // This Java has been mended, so that the check let it pass.
          server.signal("TERM");
          assertThat(server.exit()).isZero();
        } else {
          assertThat(server.exit()).isEqualTo(1);
          assertThat(server.errors()).contains("JDK-8380060");
        }
      }
    }
  }

  @Nested
  class Configuring {
    @Test
    void a_file_is_read_and_flags_go_before_it() throws Exception {
      Path file = folder.resolve("dormouse.properties");
      Files.writeString(file, "port = 1\nhosts = from.file\n");
      try (ServerProcess server = serve("--config", file.toString())) {
        int port = server.port();
        try (RawWebSocket client = RawWebSocket.dial(port)) {
          client.bytes("GET /healthz HTTP/1.1\r\nHost: from.file\r\n\r\n".getBytes(UTF_8));
          assertThat(client.head().status()).isEqualTo(200);
        }
      }
    }

    @Test
    void a_key_that_is_none_is_refused() throws Exception {
      Path file = folder.resolve("dormouse.properties");
      Files.writeString(file, "prot = 1\n");
      try (ServerProcess server = serve("--config", file.toString())) {
        assertThat(server.exit()).isEqualTo(1);
        assertThat(server.errors()).contains("there is no setting 'prot'");
      }
    }

    @Test
    void the_log_is_json_a_line_when_asked() throws Exception {
      Path jar = RoomsJar.build(folder.resolve("rooms.jar"), "lodge", true);
      try (ServerProcess server = serve("--log", "json", "--rooms", jar.toString())) {
        int port = server.port();
        assertThat(get(port, "/rooms/lodge/x/-/throw")).startsWith("500 ");
        server.signal("TERM");
        assertThat(server.exit()).isZero();

        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : server.errors().lines().toList()) {
          lines.add(json.readTree(line));
        }
        assertThat(lines)
            .anySatisfy(line -> {
              assertThat(line.path("level").asText()).isEqualTo("WARN");
              assertThat(line.path("room").asText()).isEqualTo("lodge/x");
              assertThat(line.path("timestamp").asText()).endsWith("Z");
              assertThat(line.path("error").asText()).contains("a room of a jar");
            });
      }
    }
  }

  @Nested
  class Rooms_from_jars {
    @Test
    void are_served_with_their_pages() throws Exception {
      Path jars = Files.createDirectory(folder.resolve("jars"));
      RoomsJar.build(jars.resolve("one.jar"), "lodge", true);
      try (ServerProcess server = serve("--rooms", jars.toString())) {
        int port = server.port();

        assertThat(get(port, "/rooms/lodge/x")).isEqualTo("200 hello from lodge/x");
        assertThat(get(port, "/lodge/")).startsWith("200 <!doctype html>");
        assertThat(get(port, "/lodge/sub/a.txt")).isEqualTo("200 text");
      }
    }

    @Test
    void that_are_named_like_a_route_are_refused() throws Exception {
      Path jar = RoomsJar.build(folder.resolve("rooms.jar"), "metrics", false);
      try (ServerProcess server = serve("--rooms", jar.toString())) {
        assertThat(server.exit()).isEqualTo(1);
        assertThat(server.errors()).contains("'metrics'");
      }
    }

    @Test
    void that_offer_what_is_not_there_are_refused() throws Exception {
      Path jar = RoomsJar.broken(folder.resolve("rooms.jar"));
      try (ServerProcess server = serve("--rooms", jar.toString())) {
        assertThat(server.exit()).isEqualTo(1);
        assertThat(server.errors()).startsWith("dormouse: rooms cannot be loaded");
      }
    }
  }

  @Nested
  class When_descriptors_run_out {
    @Test
    void the_server_serves_on_once_there_are_some_again() throws Exception {
      try (ServerProcess server =
          ServerProcess.start(
              folder,
              "ulimit -n 200",
              List.of(),
              "serve",
              "--port",
              "0",
              "--data",
              data(),
              "--idle",
              "300",
              // More than there are descriptors for.
              "--clients",
              "1000",
              "--clients-per-address",
              "1000")) {
        int port = server.port();
        List<RawWebSocket> clients = new ArrayList<>();
        try {
          // The kernel takes them all; the server has no descriptors for the last ones.
          for (int i = 0; i < 250; i++) {
            clients.add(RawWebSocket.dial(port));
          }
          // It waits for a moment before it sends them away.
          for (int i = 0; i < 1_000 && !server.errors().contains("Too many open files"); i++) {
            Thread.sleep(10);
          }
          assertThat(server.errors()).contains("Too many open files");
        } finally {
          for (RawWebSocket client : clients) {
            client.reset();
          }
        }

        assertThat(get(port, "/healthz")).startsWith("200 ");
        server.signal("TERM");
        assertThat(server.exit()).isZero();
      }
    }
  }
}
