package dev.dormouse.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.RawWebSocket;
import dev.dormouse.server.RawWebSocket.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// H6: more documents than the heap holds, opened all at once by a crowd that comes again when it
/// is sent away. The server ends at once if it runs out of heap.
@Timeout(180)
class LargeDocumentsIT {
  private static final int HEAP_MIB = 128;
  private static final int BYTES = 5 << 20;
  private static final int CLIENTS = 40_000;

  /// How long an editor waits before it comes again.
  private static final Duration PAUSE = Duration.ofMillis(300);

  private static final int TRIES = 200;

  /// A first sync step of who knows nothing.
  private static final byte[] KNOWS_NOTHING = {0, 0, 1, 0};

  @TempDir Path folder;

  @Test
  void H6_are_all_read_one_after_the_other_and_nobody_else_waits() throws Exception {
    play(30, 60, text());
  }

  /// A quarter of a MiB each, and sixty times as much in memory.
  @Test
  void H6_of_very_many_clients_are_too() throws Exception {
    play(12, 36, deletions());
  }

  /// @param update what each document is made of
  private void play(int documents, int crowdOf, byte[] update) throws Exception {
    ServerPlan plan =
        ServerPlan.in(folder)
            .runs(AbusedServer.class, ServerPlan.testClassPath())
            .options(List.of("-Xmx" + HEAP_MIB + "m", "-XX:+ExitOnOutOfMemoryError"))
            .flags("--closing", "1");
    try (ServerProcess server = ServerProcess.start(plan);
        ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      int port = server.port();
      Neighbour neighbour = new Neighbour(port);
      for (int i = 0; i < documents; i++) {
        write(port, i, update);
      }
      double limit = Figures.of(port).of("dormouse_rooms_memory_limit_bytes");
      assertThat(limit).isBetween((HEAP_MIB << 20) * 0.4, (HEAP_MIB << 20) * 0.5);

      List<Future<Integer>> editors = new ArrayList<>();
      for (int i = 0; i < crowdOf; i++) {
        int document = i % documents;
        editors.add(crowd.submit(() -> read(port, document)));
      }
      double most = 0;
      while (!editors.stream().allMatch(Future::isDone)) {
        most = Math.max(most, Figures.of(port).of("dormouse_rooms_memory_bytes"));
        Thread.sleep(100);
      }
      for (Future<Integer> each : editors) {
        assertThat(each.get()).isGreaterThanOrEqualTo(update.length);
      }
      assertThat(most).isBetween(limit / 2, limit * 5 / 4);
      neighbour.wasServed();
    }
  }

  /// An insertion by client 1 of a text that long, as an update of Yjs.
  private static byte[] text() throws IOException {
    ByteArrayOutputStream update = new ByteArrayOutputStream();
    // One client, one struct, the client, its first clock; a string below a root type.
    update.write(new byte[] {1, 1, 1, 0, 4, 1, 4, 't', 'e', 'x', 't'});
    varUint(update, BYTES);
    update.write("x".repeat(BYTES).getBytes(UTF_8));
    update.write(0);
    return update.toByteArray();
  }

  /// The deletion of one letter of each of very many clients.
  private static byte[] deletions() {
    ByteArrayOutputStream update = new ByteArrayOutputStream();
    update.write(0);
    varUint(update, CLIENTS);
    for (int client = 1 << 20; client < (1 << 20) + CLIENTS; client++) {
      varUint(update, client);
      // One range, from the first clock, of one.
      update.write(1);
      update.write(0);
      update.write(1);
    }
    return update.toByteArray();
  }

  private static void varUint(ByteArrayOutputStream out, int number) {
    int rest = number;
    while (rest > 127) {
      out.write((rest & 127) | 128);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private static void write(int port, int document, byte[] update) throws Exception {
    String head =
        "POST /rooms/collab/large%d/-/update HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
            .formatted(document, update.length);
    int status = 503;
    for (int i = 0; i < TRIES && status == 503; i++) {
      try (RawWebSocket client = RawWebSocket.dial(port)) {
        status = client.bytes(head.getBytes(UTF_8)).bytes(update).head().status();
      } catch (IOException e) {
        // Refused before it was all there.
        status = 503;
      }
      if (status == 503) {
        Thread.sleep(PAUSE);
      }
    }
    assertThat(status).isEqualTo(201);
  }

  /// How long the answer is that an editor gets in the end.
  private static int read(int port, int document) throws Exception {
    for (int i = 0; i < TRIES; i++) {
      try (RawWebSocket editor = RawWebSocket.dial(port)) {
        if (editor.upgrade("/collab/large" + document).status() == 101) {
          editor.binary(KNOWS_NOTHING);
          Frame frame = editor.next();
          while (frame.first() == RawWebSocket.BINARY && frame.payload()[1] != 1) {
            frame = editor.next();
          }
          if (frame.first() == RawWebSocket.BINARY) {
            return frame.payload().length;
          }
          assertThat(frame.code()).as("sent away to come again").isIn(1013, 4000);
        }
      } catch (IOException e) {
        // Cut off.
      }
      Thread.sleep(PAUSE);
    }
    throw new AssertionError("an editor of document " + document + " is not served");
  }
}
