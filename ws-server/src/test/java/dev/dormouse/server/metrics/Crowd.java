package dev.dormouse.server.metrics;

import dev.dormouse.server.RawWebSocket;
import dev.dormouse.server.RoomServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Clients of every kind, each doing its one thing over and over until they are sent away: so that
/// each metric has something to tell.
final class Crowd implements AutoCloseable {
  /// An awareness update in the protocol of `y-websocket`: message type 1, its length, one client,
  /// its number, its clock, an empty state.
  private static final byte[] CURSOR = {1, 6, 1, 7, 0, 2, '{', '}'};

  /// Where the clock is, and how many fit there.
  private static final int CLOCK = 4;

  private static final int CLOCKS = 127;

  /// How many rooms take turns at failing: one that fails too often is rested.
  private static final int FAILING = 50;

  private static final int SMALL_BUFFER = 4_096;

  private final RoomServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  /// What one does over and over.
  private interface Habit {
    void once(int round) throws Exception;
  }

  /// What a client says over and over.
  private interface Saying {
    void say(RawWebSocket client, int round) throws IOException;
  }

  /// All that one does until it is sent away.
  private interface Life {
    void live() throws Exception;
  }

  Crowd(RoomServer server) {
    this.server = server;
  }

  /// Lets all of them come.
  void come() {
    for (String room : List.of("a", "b", "c")) {
      talk("/bench/" + room, 5, (client, _) -> client.text("t"), true);
    }
    talk("/bench/echo", 5, (client, _) -> client.text("e and back"), true);
    talk("/chat/lobby", 20, Crowd::chat, false);
    talk("/chat/lobby", 100, (client, _) -> client.frame(RawWebSocket.PING, (byte) 1), false);
    for (int i = 0; i < 2; i++) {
      talk("/collab/notes", 50, Crowd::moveCursor, false);
    }
    talk(
        "/nap/spoken-to",
        3 * (int) NapRoom.IDLE.toMillis(),
        (client, _) -> client.text("up"),
        true);
    talk(
        "/nap/alarmed",
        1_000,
        (client, round) -> {
          if (round == 0) {
            client.text("alarms");
          }
        },
        false);
    again(3 * (int) NapRoom.IDLE.toMillis(), _ -> get("/rooms/nap/asked", 200));
    again(
        3 * (int) NapRoom.IDLE.toMillis(),
        _ -> server.rooms().stub(Napping.class, NapRoom.NAME, "called").nap("up"));
    again(100, round -> get("/rooms/nap/failing-" + round % FAILING + "/-/throw", 500));
    again(200, round -> get("/rooms/chores/owner-" + round % 3 + "/-/" + round, 200));
    again(1_000, this::readNothing);
  }

  private static void chat(RawWebSocket client, int round) throws IOException {
    client.text(
        round == 0
            ? "{\"type\":\"join\",\"name\":\"mouse\"}"
            : "{\"type\":\"post\",\"text\":\"squeak " + round + "\"}");
  }

  private static void moveCursor(RawWebSocket client, int round) throws IOException {
    byte[] cursor = CURSOR.clone();
    cursor[CLOCK] = (byte) (round % CLOCKS);
    client.binary(cursor);
  }

  private void get(String path, int status) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path)).build();
    int answered = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (answered != status) {
      throw new IOException(path + " was answered with " + answered);
    }
  }

  /// A client that asks for more than it reads, and is closed for it.
  private void readNothing(int round) throws Exception {
    try (RawWebSocket client = RawWebSocket.dial(server.port(), SMALL_BUFFER)) {
      client.upgrade("/nap/flood");
      client.text("flood");
      Thread.sleep(500);
    }
  }

  /// A client that says something over and over.
  ///
  /// @param answered whether one text comes back each time; otherwise what comes is read by the way
  private void talk(String path, int pauseMillis, Saying saying, boolean answered) {
    start(() -> {
      try (RawWebSocket client = RawWebSocket.open(server.port(), path)) {
        if (!answered) {
          threads.add(Thread.startVirtualThread(() -> readOn(client)));
        }
        repeat(
            pauseMillis,
            round -> {
              saying.say(client, round);
              if (answered) {
                client.readText();
              }
            });
      }
    });
  }

  /// Reads what comes, however long nothing does.
  private void readOn(RawWebSocket client) {
    boolean open = true;
    while (open && !over) {
      try {
        open = client.read() != null;
      } catch (SocketTimeoutException _) {
        // Not everybody is spoken to.
      } catch (IOException e) {
        open = false;
        if (!over) {
          failures.add(e);
        }
      }
    }
  }

  private void again(int pauseMillis, Habit habit) {
    start(() -> repeat(pauseMillis, habit));
  }

  private void repeat(int pauseMillis, Habit habit) throws Exception {
    for (int round = 0; !over; round++) {
      habit.once(round);
      Thread.sleep(pauseMillis);
    }
  }

  private void start(Life life) {
    threads.add(
        Thread.startVirtualThread(() -> {
          try {
            life.live();
          } catch (Exception e) {
            if (!over) {
              failures.add(e);
            }
          }
        }));
  }

  /// What went wrong with them so far.
  List<Throwable> failures() {
    return List.copyOf(failures);
  }

  /// Sends all away, and waits for them.
  @Override
  public void close() {
    over = true;
    try {
      for (Thread thread : List.copyOf(threads)) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
