package dev.dormouse.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// Clients of a real server. Each line is asked of its owner's room, over HTTP or over a WebSocket
/// that stays open, and is heard as a [CrashServer] would answer it; `lost op` says that no answer
/// is going to come. Thread-safe.
final class Clients implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Refusals are told apart only over HTTP.
  private static final Set<String> OVER_SOCKETS = Set.of("begin", "send", "status", "version");

  private static final int PATIENCE_SECONDS = 10;

  /// How many answers all clients of a run have got, over each.
  static final LongAdder HTTP_ANSWERS = new LongAdder();

  static final LongAdder SOCKET_ANSWERS = new LongAdder();

  private final URI root;
  private final Consumer<String> hears;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, CompletableFuture<WebSocket>> sockets = new ConcurrentHashMap<>();

  /// What is to be answered, by op.
  private final Map<String, CompletableFuture<String>> open = new ConcurrentHashMap<>();

  private volatile boolean closed;

  Clients(String root, Consumer<String> hears) {
    this.root = URI.create(root);
    this.hears = hears;
  }

  /// Asks; does not wait.
  void say(String line) {
    String[] words = line.split(" ", -1);
    boolean socket = OVER_SOCKETS.contains(words[0]) && Math.floorMod(words[1].hashCode(), 2) == 0;
    ask(words, line, socket);
  }

  /// Asks over HTTP what went without an answer.
  void again(String line) {
    ask(line.split(" ", -1), line, false);
  }

  private void ask(String[] words, String line, boolean socket) {
    if (closed) {
      return;
    }
    String op = words[1];
    CompletableFuture<String> answer = new CompletableFuture<>();
    open.put(op, answer);
    var _ =
        answer
            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .whenComplete((said, failure) -> {
              if (open.remove(op, answer)) {
                hears.accept(failure == null ? said : "lost " + op);
              }
            });
    if (socket) {
      speak(words[2], line, answer);
    } else {
      post(op, words[2], line, answer);
    }
  }

  // ---- HTTP

  private void post(String op, String owner, String line, CompletableFuture<String> answer) {
    HttpRequest request =
        HttpRequest.newBuilder(root.resolve("/rooms/" + CrashServer.OWNERS + "/" + owner))
            .POST(HttpRequest.BodyPublishers.ofString(line))
            .build();
    var _ =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
            .whenComplete((reply, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(failure);
              } else {
                HTTP_ANSWERS.increment();
                answer.complete(reply.statusCode() == 200 ? reply.body() : no(op, reply));
              }
            });
  }

  private static String no(String op, HttpResponse<String> reply) {
    String outcome;
    try {
      JsonNode body = JSON.readTree(reply.body());
      outcome = body.path("outcome").asText("UNKNOWN");
    } catch (IOException e) {
      outcome = "UNKNOWN";
    }
    return "no %s %s %d".formatted(op, outcome, reply.statusCode());
  }

  // ---- WebSockets

  private void speak(String owner, String line, CompletableFuture<String> answer) {
    // A message goes out when the one before it has.
    var _ =
        sockets
            .compute(
                owner,
                (_, before) ->
                    (before == null ? dial(owner) : before)
                        .thenCompose(socket -> socket.sendText(line, true)))
            .whenComplete((_, failure) -> {
              if (failure != null) {
                sockets.remove(owner);
                answer.completeExceptionally(failure);
              }
            });
  }

  private CompletableFuture<WebSocket> dial(String owner) {
    URI address =
        URI.create("ws://" + root.getAuthority() + "/" + CrashServer.OWNERS + "/" + owner);
    return http.newWebSocketBuilder().buildAsync(address, new Ear(owner));
  }

  private void hear(String line) {
    CompletableFuture<String> answer = open.get(line.split(" ", -1)[1]);
    if (answer != null) {
      SOCKET_ANSWERS.increment();
      answer.complete(line);
    }
  }

  /// What comes in over one connection; one call at a time.
  private final class Ear implements WebSocket.Listener {
    private final String owner;
    private final StringBuilder line = new StringBuilder();

    Ear(String owner) {
      this.owner = owner;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      line.append(data);
      if (last) {
        hear(line.toString());
        line.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      sockets.remove(owner);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
      sockets.remove(owner);
    }
  }

  /// The server is gone: what has come in is heard, and nothing else is going to be.
  @Override
  public void close() {
    closed = true;
    http.shutdown();
    try {
      if (!http.awaitTermination(java.time.Duration.ofSeconds(2))) {
        http.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    open.clear();
  }
}
