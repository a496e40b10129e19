package dev.dormouse.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An editor in a process of its own, with the real `yjs` and `y-websocket`: `e2e/clients.mjs`,
/// whose head describes the commands. Ends with the tests, since its standard input does.
///
/// For one thread.
final class NodeEditor implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LIMIT_SECONDS = 40;

  private final String name;
  private final Process process;
  private final Writer commands;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private int asked;

  /// A document as an editor has it.
  ///
  /// @param sha256 of all shared types
  /// @param clocks how much of each client's work is in it
  record Document(String sha256, JsonNode clocks) {}

  private NodeEditor(String name, Process process) {
    this.name = name;
    this.process = process;
    this.commands = process.outputWriter();
    Thread.ofVirtual().start(this::listen);
  }

  /// Starts an editor, not yet connected.
  ///
  /// @param port the server's
  /// @param more further arguments
  static NodeEditor start(int port, String document, long seed, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("node", Node.folder().resolve("clients.mjs").toString()));
    command.addAll(List.of("--url", "ws://127.0.0.1:" + port + "/collab", "--doc", document));
    command.addAll(List.of("--seed", Long.toString(seed)));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new NodeEditor("editor %d of %s".formatted(seed, document), process);
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode said = JSON.readTree(line);
        if (said.has("event")) {
          events.add(said);
        } else {
          answers.add(said);
        }
      }
    } catch (IOException _) {
      // It is gone; whoever waits for an answer will say so.
    }
  }

  /// Sends a command and waits for its answer.
  ///
  /// @param settings names and values, by turns
  /// @throws IOException if the editor could not do it
  JsonNode command(String command, Object... settings) throws IOException, InterruptedException {
    send(command, settings);
    return answer();
  }

  /// Sends a command without waiting; [#answer] must follow.
  void send(String command, Object... settings) throws IOException {
    ObjectNode line = JSON.createObjectNode().put("cmd", command).put("id", ++asked);
    for (int i = 0; i < settings.length; i += 2) {
      line.set(settings[i].toString(), JSON.valueToTree(settings[i + 1]));
    }
    commands.write(line + "\n");
    commands.flush();
  }

  /// Waits for the answer to the command sent last.
  JsonNode answer() throws IOException, InterruptedException {
    JsonNode answer = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (answer == null) {
      throw new IOException("%s said nothing for %d s".formatted(name, LIMIT_SECONDS));
    }
    if (!answer.path("ok").asBoolean() || answer.path("id").asInt() != asked) {
      throw new IOException(name + ": " + answer);
    }
    return answer;
  }

  /// Connects and waits until the server has told what it knows.
  void join() throws IOException, InterruptedException {
    command("connect");
    synced();
  }

  /// Waits until the server has told what it knows, over a connection that may have to be made
  /// anew.
  void synced() throws IOException, InterruptedException {
    command("waitsynced", "timeout", 30_000);
  }

  Document document() throws IOException, InterruptedException {
    String sha256 = command("document").path("sha256").asText();
    return new Document(sha256, command("statevector").path("clocks"));
  }

  /// How often it was cut off from the server, or could not reach it, so far.
  long disconnections() {
    return events.stream()
        .filter(event -> event.path("status").asText().equals("disconnected"))
        .count();
  }

  /// Whether it has been told to stay away, and with which code; 0 if not.
  int closedFor() {
    return events.stream()
        .filter(event -> event.path("event").asText().equals("closed"))
        .mapToInt(event -> event.path("code").asInt())
        .reduce(0, (_, last) -> last);
  }

  /// The codes with which its connections ended.
  List<Integer> closeCodes() {
    return events.stream()
        .filter(event -> event.path("event").asText().equals("lost"))
        .map(event -> event.path("code").asInt())
        .toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }

  /// Where Node's side of the suites is.
  static final class Node {
    private Node() {}

    /// The folder `e2e` of the checkout; tests run in their module's.
    static Path folder() {
      return Path.of("..", "e2e").toAbsolutePath().normalize();
    }

    /// Skips the test, and says why, where Node's side cannot run.
    static void require() throws InterruptedException {
      String missing = missing();
      assumeTrue(missing == null, missing);
    }

    /// Why Node's side cannot run here, or null if it can.
    static @Nullable String missing() throws InterruptedException {
      if (!folder().resolve("node_modules").toFile().isDirectory()) {
        return "the packages of e2e are not there; run: (cd e2e && npm ci)";
      }
      try {
        Process node =
            new ProcessBuilder("node", "--version")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return node.waitFor() == 0 ? null : "node does not run";
      } catch (IOException _) {
        return "node was not found";
      }
    }
  }
}
