package dev.dormouse.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Simulated devices in a process of Node's, by `e2e/devices.mjs`. For one thread.
final class Swarm implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedReader out;

  private Swarm(Process process) {
    this.process = process;
    out = process.inputReader();
  }

  /// Connects so many devices `d0000` and so on, and waits until all are.
  ///
  /// @param manners what is not good about them, as the script takes it
  static Swarm connect(String url, String tenant, int count, String manners, File errors)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add("node");
    command.add(NodeEditor.Node.folder().resolve("devices.mjs").toString());
    command.addAll(List.of("--url", url, "--tenant", tenant, "--manners", manners));
    command.addAll(List.of("--count", Integer.toString(count)));
    Swarm swarm = new Swarm(new ProcessBuilder(command).redirectError(errors).start());
    swarm.line();
    return swarm;
  }

  /// What they have and how many are connected.
  JsonNode count() throws IOException {
    Writer in = process.outputWriter();
    in.write("\n");
    in.flush();
    return line();
  }

  private JsonNode line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the devices ended");
    }
    return JSON.readTree(line);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
