package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Frames;
import dev.dormouse.loadtest.Handshake;
import dev.dormouse.loadtest.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/// A WebSocket that says a text and blocks until one comes. For one thread.
final class Talk implements AutoCloseable {
  /// Whatever it is, what is masked with it differs from the text.
  private static final int MASK = 0x5a17c3e9;

  /// Code 1000.
  private static final byte[] GOING = {0x03, (byte) 0xe8};

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private final Frames frames = new Frames();
  private final byte[] bytes = new byte[4_096];
  private final Deque<String> heard = new ArrayDeque<>();

  private Talk(Socket socket) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.in = socket.getInputStream();
  }

  static Talk with(URI server, String path) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(Caller.PATIENCE_MS);
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), Caller.PATIENCE_MS);
      String key = Handshake.key(1);
      socket.getOutputStream().write(Handshake.request(server, path, key));
      Handshake.check(Handshake.head(socket.getInputStream()), key);
      return new Talk(socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  void say(String text) throws IOException {
    send(Frames.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  private void send(int opcode, byte[] payload) throws IOException {
    byte[] frame = new byte[payload.length + Frames.MAX_HEADER];
    out.write(frame, 0, Frames.write(frame, 0, opcode, payload, payload.length, MASK));
  }

  /// The next text; blocks until it is there.
  ///
  /// @throws WireException if the server closes instead
  String hear() throws IOException {
    while (heard.isEmpty()) {
      int count = in.read(bytes);
      if (count < 0) {
        throw new WireException("the server closed the connection");
      }
      frames.read(bytes, count, this::frame);
    }
    return heard.removeFirst();
  }

  private void frame(int opcode, byte[] from, int offset, int length) {
    switch (opcode) {
      case Frames.TEXT -> heard.add(new String(from, offset, length, StandardCharsets.UTF_8));
      case Frames.PING, Frames.PONG -> {}
      default -> throw new WireException("the server sent a frame of kind " + opcode);
    }
  }

  @Override
  public void close() throws IOException {
    send(Frames.CLOSE, GOING);
    socket.close();
  }
}
