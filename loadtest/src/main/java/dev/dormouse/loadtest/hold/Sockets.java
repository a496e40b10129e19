package dev.dormouse.loadtest.hold;

import dev.dormouse.loadtest.Frames;
import dev.dormouse.loadtest.WireException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The sockets of one holder as tables: a socket is a number, and costs little more than what the
/// JDK needs for its channel. Belongs to one thread.
final class Sockets {
  private static final int BUFFER = 1 << 16;

  /// What a socket is doing.
  enum State {
    UNUSED,
    CONNECTING,
    UPGRADING,
    IDLE,
    /// An answer is under way.
    WAITING,
    GONE
  }

  private final @Nullable SocketChannel[] channels;
  private final State[] states;

  /// Beginnings of frames; most sockets never have one.
  private final @Nullable Frames[] halves;

  /// For the sockets that have none of their own.
  private Frames whole = new Frames();

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] bytes = new byte[BUFFER];

  /// Not the same: a ping is answered while the bytes behind it are still to be read.
  private final byte[] outgoing = new byte[BUFFER];

  private final SplittableRandom masks = new SplittableRandom();

  Sockets(int size) {
    channels = new SocketChannel[size];
    states = new State[size];
    Arrays.fill(states, State.UNUSED);
    halves = new Frames[size];
  }

  int size() {
    return states.length;
  }

  State state(int socket) {
    return states[socket];
  }

  void state(int socket, State state) {
    states[socket] = state;
  }

  void channel(int socket, SocketChannel channel) {
    channels[socket] = channel;
  }

  SocketChannel channel(int socket) {
    SocketChannel channel = channels[socket];
    if (channel == null) {
      throw new IllegalStateException("socket " + socket + " has no channel");
    }
    return channel;
  }

  /// What is there to be read, at most 64 KiB; empty if nothing, or the end.
  ///
  /// @return the count, or -1 at the end; the bytes are in [#bytes] until the next call
  int read(int socket) throws IOException {
    buffer.clear();
    int count = channel(socket).read(buffer);
    if (count > 0) {
      buffer.flip().get(bytes, 0, count);
    }
    return count;
  }

  byte[] bytes() {
    return bytes;
  }

  /// Tells `sink` of the frames that are whole with the first `length` of `bytes`.
  ///
  /// @throws WireException for what a server must not send
  void frames(int socket, byte[] bytes, int length, Frames.Sink sink) {
    Frames half = halves[socket];
    Frames frames = half == null ? whole : half;
    frames.read(bytes, length, sink);
    if (half == null && !frames.isWhole()) {
      halves[socket] = frames;
      whole = new Frames();
    } else if (half != null && frames.isWhole()) {
      halves[socket] = null;
    }
  }

  /// Sends a frame whole.
  ///
  /// @throws IOException also if the socket does not take it at once, which it does unless its
  ///   server has stopped reading
  void send(int socket, int opcode, byte[] payload, int length) throws IOException {
    int end = Frames.write(outgoing, 0, opcode, payload, length, masks.nextInt());
    write(socket, outgoing, end);
  }

  void write(int socket, byte[] from, int length) throws IOException {
    buffer.clear().put(from, 0, length).flip();
    if (channel(socket).write(buffer) < length) {
      throw new IOException("the server does not read");
    }
  }

  /// Cuts it without a word, and so that no port stays taken.
  void cut(int socket) {
    states[socket] = State.GONE;
    halves[socket] = null;
    SocketChannel channel = channels[socket];
    channels[socket] = null;
    if (channel != null) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException _) {
        // It is closed below in any case; only its port may stay taken for a minute.
      }
      try {
        channel.close();
      } catch (IOException e) {
        System.err.println("a socket could not be closed: " + e);
      }
    }
  }
}
