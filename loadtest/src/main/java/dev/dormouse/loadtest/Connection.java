package dev.dormouse.loadtest;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/// One client's WebSocket. Belongs to the thread that opened it.
final class Connection {
  private static final int PATIENCE_MS = 20_000;

  /// Its place among the connections of its swarm, from 0.
  final int number;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Frames frames = new Frames();

  /// Frames that are not written yet; the first [#unsentLength] bytes count.
  private byte[] unsent = new byte[256];

  private int unsentLength;

  private Connection(int number, SocketChannel channel, Selector selector) throws IOException {
    this.number = number;
    this.channel = channel;
    channel.configureBlocking(false);
    this.key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /// Connects and upgrades; blocks until the server has answered, at most 20 s.
  ///
  /// @throws WireException if the server refuses
  static Connection open(int number, URI server, String path, Selector selector)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Socket socket = channel.socket();
      socket.setSoTimeout(PATIENCE_MS);
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MS);
      String wsKey = Handshake.key(number);
      OutputStream to = socket.getOutputStream();
      to.write(Handshake.request(server, path, wsKey));
      Handshake.check(Handshake.head(socket.getInputStream()), wsKey);
      return new Connection(number, channel, selector);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// Adds a frame to what [#flush] writes next.
  void queue(int opcode, byte[] payload, int length, int mask) {
    int needed = unsentLength + length + Frames.MAX_HEADER;
    if (needed > unsent.length) {
      unsent = Arrays.copyOf(unsent, Math.max(needed, unsent.length * 2));
    }
    unsentLength = Frames.write(unsent, unsentLength, opcode, payload, length, mask);
  }

  /// Writes as much as the socket takes; what is left is written when the socket can take more.
  void flush(ByteBuffer through) throws IOException {
    while (unsentLength > 0) {
      int part = Math.min(unsentLength, through.capacity());
      through.clear().put(unsent, 0, part).flip();
      int written = channel.write(through);
      System.arraycopy(unsent, written, unsent, 0, unsentLength - written);
      unsentLength -= written;
      if (written < part) {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
    }
    if (key.interestOps() != SelectionKey.OP_READ) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /// Reads once what is there and tells `sink` of the frames in it.
  ///
  /// @return false if the server has closed the socket
  boolean read(ByteBuffer through, byte[] bytes, Frames.Sink sink) throws IOException {
    through.clear();
    int count = channel.read(through);
    if (count > 0) {
      through.flip().get(bytes, 0, count);
      frames.read(bytes, count, sink);
    }
    return count >= 0;
  }

  void cut() throws IOException {
    channel.close();
  }
}
