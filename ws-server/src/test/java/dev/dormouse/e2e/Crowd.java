package dev.dormouse.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/// Thousands of WebSockets that say nothing. For one thread.
final class Crowd implements AutoCloseable {
  private static final int THREADS = 8;

  private final int port;
  private final IntFunction<String> path;
  private final List<SocketChannel> sockets = new ArrayList<>();

  /// @param path where the socket of a number connects
  Crowd(int port, IntFunction<String> path) {
    this.port = port;
    this.path = path;
  }

  /// Connects until there are so many.
  void growTo(int count) throws Exception {
    int first = sockets.size();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<List<SocketChannel>>> parts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int from = first + (count - first) * i / THREADS;
        int to = first + (count - first) * (i + 1) / THREADS;
        parts.add(threads.submit(() -> connect(from, to)));
      }
      for (Future<List<SocketChannel>> part : parts) {
        sockets.addAll(part.get());
      }
    }
  }

  private List<SocketChannel> connect(int from, int to) throws IOException {
    List<SocketChannel> mine = new ArrayList<>();
    ByteBuffer answer = ByteBuffer.allocate(1024);
    for (int i = from; i < to; i++) {
      SocketChannel socket =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      mine.add(socket);
      // Vanishes without a trace when it is closed, as if its line had been cut.
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.write(ByteBuffer.wrap(request(path.apply(i))));
      answer.clear();
      while (!ended(answer)) {
        if (socket.read(answer) < 0) {
          throw new IOException("closed during the handshake of socket " + i);
        }
      }
      if (!new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII)
          .startsWith("HTTP/1.1 101")) {
        throw new IOException(
            "not upgraded: " + new String(answer.array(), StandardCharsets.UTF_8));
      }
    }
    return mine;
  }

  private byte[] request(String to) {
    return """
    GET %s HTTP/1.1\r
    Host: 127.0.0.1:%d\r
    Upgrade: websocket\r
    Connection: Upgrade\r
    Sec-WebSocket-Version: 13\r
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
    \r
    """
        .formatted(to, port)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean ended(ByteBuffer answer) {
    int end = answer.position();
    return end >= 4
        && answer.get(end - 4) == '\r'
        && answer.get(end - 3) == '\n'
        && answer.get(end - 2) == '\r'
        && answer.get(end - 1) == '\n';
  }

  @Override
  public void close() throws IOException {
    vanish();
  }

  /// All of them; there may be others afterwards.
  void vanish() throws IOException {
    for (SocketChannel socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }
}
