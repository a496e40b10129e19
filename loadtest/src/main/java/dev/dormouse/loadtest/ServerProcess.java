package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server that this program has started, with a data folder of its own. Closing it stops the
/// process by its id and removes the folder; so does the end of this JVM.
public final class ServerProcess implements AutoCloseable {
  private static final Duration TO_START = Duration.ofSeconds(60);
  private static final long TO_STOP_SECONDS = 40;
  private static final long BETWEEN_TRIES_MS = 2;

  private final Process process;
  private final URI address;
  private final Path data;
  private final Thread atExit;

  /// Set once, before the server is handed out.
  private double startMillis;

  /// Guarded by this.
  private boolean stopped;

  private ServerProcess(Process process, URI address, Path data) {
    this.process = process;
    this.address = address;
    this.data = data;
    this.atExit = new Thread(this::stop, "stop a server");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// Starts `command` and returns once `GET /ping` was answered.
  ///
  /// @param data removed when the server is closed
  /// @param log gets what the server writes
  /// @throws StartException if the process ends, or does not answer within a minute
  public static ServerProcess start(List<String> command, URI address, Path data, Path log)
      throws IOException {
    return start(command, address, data, log, ServerProcess::pongs);
  }

  /// Starts `command` and returns once it is `ready`; the rest is as above.
  public static ServerProcess start(
      List<String> command, URI address, Path data, Path log, Ready ready) throws IOException {
    Files.createDirectories(data);
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    ServerProcess server = new ServerProcess(process, address, data);
    try {
      server.awaitAnswer(began + TO_START.toNanos(), log, ready);
      server.startMillis = (System.nanoTime() - began) / 1e6;
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// An address on loopback that nobody listens on now.
  public static URI freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }

  /// How a server shows that it can be used.
  @FunctionalInterface
  public interface Ready {
    /// False, or any exception of the network or of [WireException], as long as it cannot.
    boolean at(URI address) throws IOException;
  }

  private static boolean pongs(URI address) throws IOException {
    return Http.get(address, "/ping").strip().equals("pong");
  }

  private void awaitAnswer(long deadline, Path log, Ready ready) {
    while (true) {
      try {
        if (ready.at(address)) {
          return;
        }
      } catch (IOException | WireException _) {
        // Not there yet; a server that never comes is told from that below.
      }
      if (!process.isAlive()) {
        throw new StartException(
            "the server ended with %d: see %s".formatted(process.exitValue(), log));
      }
      if (System.nanoTime() > deadline) {
        throw new StartException(
            "no answer at %s for %d s: see %s".formatted(address, TO_START.toSeconds(), log));
      }
      try {
        Thread.sleep(BETWEEN_TRIES_MS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new StartException("interrupted while a server started");
      }
    }
  }

  public URI address() {
    return address;
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  /// From the start of the process to its first answer.
  public double startMillis() {
    return startMillis;
  }

  /// Ends the process at once: for one whose connections are still open, and would be waited for.
  public void kill() {
    process.destroyForcibly();
    close();
  }

  /// Ends the process at once and leaves its data folder to the next one.
  public synchronized void crash() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    stopped = true;
    close();
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The JVM is ending already, and the hook has found, or will find, its work done.
    }
  }

  private synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    process.destroy();
    try {
      if (!process.waitFor(TO_STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Folders.delete(data);
    } catch (IOException e) {
      System.err.println("the folder " + data + " could not be removed: " + e);
    }
  }
}
