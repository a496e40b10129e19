package dev.dormouse.loadtest.hold;

import dev.dormouse.loadtest.Handshake;
import dev.dormouse.loadtest.WireException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Opens the connections at a bounded rate, with a bounded number of them on their way. What is
/// refused is counted and not tried again. Belongs to the holder's thread.
final class Opener {
  /// How long connecting and the upgrade may take.
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private final HoldOptions options;
  private final URI server;
  private final InetSocketAddress address;
  private final Sources sources;
  private final Optional<LateBinding> binding;
  private final Sockets sockets;
  private final Counts counts;
  private final Selector selector;
  private final Beat beat;
  private final Waiting waiting = new Waiting();

  /// Beginnings of answers to upgrades.
  private final Map<Integer, String> heads = new HashMap<>();

  private int next;
  private boolean complained;

  Opener(
      HoldOptions options,
      URI server,
      Sources sources,
      Optional<LateBinding> binding,
      Sockets sockets,
      Counts counts,
      Selector selector,
      long now) {
    this.options = options;
    this.server = server;
    this.address = new InetSocketAddress(server.getHost(), server.getPort());
    this.sources = sources;
    this.binding = binding;
    this.sockets = sockets;
    this.counts = counts;
    this.selector = selector;
    this.beat = new Beat(now, options.rate());
  }

  /// True once every connection is open, or was refused.
  boolean isDone() {
    return next == sockets.size() && counts.opening == 0;
  }

  /// When it wants to be called again, if nothing comes before.
  long next() {
    boolean mayOpen = next < sockets.size() && counts.opening < options.halfOpen();
    long expires = waiting.isEmpty() ? Long.MAX_VALUE : waiting.since() + PATIENCE;
    return mayOpen ? Math.min(beat.next(), expires) : expires;
  }

  void work(long now) {
    while (next < sockets.size() && counts.opening < options.halfOpen() && beat.isDue(now)) {
      beat.done();
      begin(next++, now);
    }
    while (!waiting.isEmpty()
        && (waiting.since() + PATIENCE < now || !isOpening(waiting.first()))) {
      if (isOpening(waiting.first())) {
        refuse(waiting.first(), "no answer within 30 s");
      }
      waiting.drop();
    }
  }

  private boolean isOpening(int socket) {
    return switch (sockets.state(socket)) {
      case CONNECTING, UPGRADING -> true;
      case UNUSED, IDLE, WAITING, GONE -> false;
    };
  }

  private void begin(int socket, long now) {
    counts.opening++;
    sockets.state(socket, Sockets.State.CONNECTING);
    try {
      SocketChannel channel = SocketChannel.open();
      sockets.channel(socket, channel);
      channel.configureBlocking(false);
      InetAddress source = sources.of(socket);
      if (source != null) {
        binding.ifPresent(late -> late.allow(channel));
        channel.bind(new InetSocketAddress(source, 0));
      }
      waiting.add(socket, now);
      if (channel.connect(address)) {
        ask(socket, channel.register(selector, 0, socket));
      } else {
        channel.register(selector, SelectionKey.OP_CONNECT, socket);
      }
    } catch (IOException e) {
      refuse(socket, e.toString());
    }
  }

  /// The socket has connected, or has not.
  void connected(int socket, SelectionKey key) {
    try {
      if (sockets.channel(socket).finishConnect()) {
        ask(socket, key);
      }
    } catch (IOException e) {
      refuse(socket, e.toString());
    }
  }

  private void ask(int socket, SelectionKey key) throws IOException {
    byte[] request = Handshake.request(server, options.path(socket), Handshake.key(socket));
    sockets.write(socket, request, request.length);
    sockets.state(socket, Sockets.State.UPGRADING);
    key.interestOps(SelectionKey.OP_READ);
  }

  /// Takes bytes of the answer to the upgrade; what comes behind it goes to `rest`.
  ///
  /// @param length -1 at the socket's end
  void answered(int socket, byte[] bytes, int length, Rest rest) {
    if (length < 0) {
      refuse(socket, "cut in the middle of the upgrade");
      return;
    }
    String before = heads.getOrDefault(socket, "");
    String head = before + new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    int end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      heads.put(socket, head);
      return;
    }
    heads.remove(socket);
    try {
      Handshake.check(head.substring(0, end + 2), Handshake.key(socket));
    } catch (WireException e) {
      refuse(socket, String.valueOf(e.getMessage()));
      return;
    }
    counts.opening--;
    counts.open++;
    sockets.state(socket, Sockets.State.IDLE);
    int used = end + 4 - before.length();
    if (used < length) {
      byte[] left = Arrays.copyOfRange(bytes, used, length);
      rest.take(left, left.length);
    }
  }

  /// Gets what came behind the answer to an upgrade.
  @FunctionalInterface
  interface Rest {
    void take(byte[] bytes, int length);
  }

  private void refuse(int socket, String why) {
    counts.opening--;
    counts.refused++;
    heads.remove(socket);
    sockets.cut(socket);
    if (!complained) {
      complained = true;
      System.err.println("connection " + socket + " was refused, first of all: " + why);
    }
  }
}
