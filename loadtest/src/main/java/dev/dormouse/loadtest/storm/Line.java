package dev.dormouse.loadtest.storm;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A WebSocket on which one thread says things and waits for what comes.
final class Line implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Weather weather;
  private final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();

  /// Completed with why it ended.
  private final CompletableFuture<String> ended = new CompletableFuture<>();

  /// Set once, when it is open.
  private @Nullable WebSocket socket;

  private Line(Weather weather) {
    this.weather = weather;
  }

  /// Blocks for at most 8 s.
  static Line open(Wire wire, URI at) throws LostException, InterruptedException {
    Line line = new Line(wire.weather());
    Fault began = wire.weather().now();
    CompletableFuture<WebSocket> opening =
        wire.client()
            .newWebSocketBuilder()
            .connectTimeout(PATIENCE)
            .buildAsync(at, line.new Ears());
    try {
      line.socket = opening.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return line;
    } catch (ExecutionException | TimeoutException e) {
      var _ = opening.thenAccept(WebSocket::abort);
      wire.weather().lost(began);
      throw new LostException("no upgrade at " + at + ": " + e);
    }
  }

  void say(String text) throws LostException, InterruptedException {
    WebSocket open = open();
    sent(open.sendText(text, true));
  }

  void say(byte[] bytes) throws LostException, InterruptedException {
    WebSocket open = open();
    sent(open.sendBinary(ByteBuffer.wrap(bytes), true));
  }

  private WebSocket open() throws LostException {
    WebSocket open = socket;
    if (open == null || !isOpen()) {
      throw new LostException("the connection has ended: " + ended.getNow("never open"));
    }
    return open;
  }

  private void sent(CompletableFuture<WebSocket> sending)
      throws LostException, InterruptedException {
    try {
      sending.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      weather.lost(weather.now());
      throw new LostException("nothing could be sent: " + e);
    }
  }

  /// The next frame; blocks for at most 8 s.
  byte[] hear() throws LostException, InterruptedException {
    Fault began = weather.now();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      byte[] frame = heard.poll(100, TimeUnit.MILLISECONDS);
      if (frame != null) {
        return frame;
      }
      if (!isOpen() || System.nanoTime() > deadline) {
        weather.lost(began);
        throw new LostException("no answer: " + ended.getNow("silence"));
      }
    }
  }

  String hearText() throws LostException, InterruptedException {
    return new String(hear(), StandardCharsets.UTF_8);
  }

  /// What has come and was not heard yet; null if nothing.
  byte @Nullable [] heardAlready() {
    return heard.poll();
  }

  boolean isOpen() {
    return !ended.isDone();
  }

  @Override
  public void close() {
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
    ended.complete("left");
  }

  /// Hears for the line, on threads of the client's.
  private final class Ears implements WebSocket.Listener {
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      return part(from, text.toString().getBytes(StandardCharsets.UTF_8), last);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      return part(from, bytes, last);
    }

    private @Nullable CompletionStage<?> part(WebSocket from, byte[] bytes, boolean last) {
      frame.writeBytes(bytes);
      if (last) {
        heard.add(frame.toByteArray());
        frame.reset();
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      ended.complete("closed with " + code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      ended.complete(error.toString());
    }
  }
}
