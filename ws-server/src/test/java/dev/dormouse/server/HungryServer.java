package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.room.runtime.SystemExecution;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// The server's command line in a process that, told to `eat`, takes all descriptors that are left,
/// and lets go of them when told to `leave`. Ends when its standard input does.
public final class HungryServer {
  private HungryServer() {}

  public static void main(String[] arguments) {
    Thread.ofPlatform().daemon().name("appetite").start(HungryServer::listen);
    System.exit(Main.run(arguments, System.getenv(), new SystemExecution()));
  }

  private static void listen() {
    List<FileInputStream> eaten = new ArrayList<>();
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("eat")) {
          eat(eaten);
          System.out.println("eaten");
        } else {
          for (FileInputStream each : eaten) {
            each.close();
          }
          System.out.println("left");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  private static void eat(List<FileInputStream> eaten) {
    try {
      while (true) {
        eaten.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException _) {
      // There is nothing left.
    }
  }
}
