package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/// All connections of one case, on one selector and one thread: the caller's.
///
/// One write for what one read brought about, no garbage in the loop. Whoever measures has to look
/// at this thread's share of a core: near one, the figures are the client's own limit.
final class Swarm implements Conversation.Voice, AutoCloseable {
  /// How long the last answers, or the answers to close frames, may take.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int TICK_MS = 10;
  private static final int BUFFER = 1 << 16;
  private static final byte[] NORMAL_CLOSURE = {(byte) (1000 >> 8), (byte) 1000};

  private final Selector selector;
  private final List<Connection> connections = new ArrayList<>();

  /// Connections with queued frames.
  private final List<Connection> dirty = new ArrayList<>();

  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] bytes = new byte[BUFFER];
  private final SplittableRandom masks = new SplittableRandom();
  private Phase phase = Phase.TALKING;

  /// What the connections do.
  private sealed interface Phase {
    Phase TALKING = new Talking();
    Phase ANSWERING = new Answering();

    /// Texts are sent and answered.
    record Talking() implements Phase {}

    /// Nothing new is sent.
    record Answering() implements Phase {}

    /// Close frames were sent and are answered.
    final class HangingUp implements Phase {
      private int left;

      HangingUp(int left) {
        this.left = left;
      }
    }
  }

  private Swarm(Selector selector) {
    this.selector = selector;
  }

  /// Opens `count` connections one after the other, connection k to the room `room` names for it,
  /// no faster than `pace`.
  ///
  /// @throws WireException if the server refuses one
  static Swarm open(URI server, int count, IntFunction<String> room, Pace pace) throws IOException {
    Swarm swarm = new Swarm(Selector.open());
    try {
      for (int i = 0; i < count; i++) {
        pace.await();
        swarm.connections.add(Connection.open(i, server, "/ws/" + room.apply(i), swarm.selector));
      }
      return swarm;
    } catch (IOException | RuntimeException e) {
      swarm.close();
      throw e;
    }
  }

  /// Lets the conversation go on for `warmUp`, then for `measured` with the tally open, and then
  /// until its last answer has come.
  ///
  /// @throws WireException if an answer is wrong or does not come
  Span converse(
      Conversation conversation, Tally tally, Meter meter, Duration warmUp, Duration measured)
      throws IOException {
    phase = Phase.TALKING;
    conversation.begin(this);
    flush();
    run(conversation, warmUp, () -> false);
    tally.open();
    Meter.Reading before = meter.read();
    run(conversation, measured, () -> false);
    Meter.Reading after = meter.read();
    tally.shut();
    end(conversation);
    return meter.between(before, after);
  }

  /// Lets a conversation that ends by itself go on until then.
  ///
  /// @throws WireException if an answer is wrong, or the whole takes longer than 20 s
  void converse(Conversation conversation) throws IOException {
    phase = Phase.TALKING;
    conversation.begin(this);
    flush();
    end(conversation);
  }

  private void end(Conversation conversation) throws IOException {
    phase = Phase.ANSWERING;
    run(conversation, PATIENCE, conversation::isQuiet);
    if (!conversation.isQuiet()) {
      throw new WireException("an answer did not come for " + PATIENCE.toSeconds() + " s");
    }
    conversation.end();
  }

  /// Says nothing for `time`.
  ///
  /// @throws WireException if the server does not keep silent too
  void rest(Duration time) throws IOException {
    run(new NothingMoreToSay(), time, () -> false);
  }

  /// Sends every connection's close frame and waits for the answers, which must have the same code.
  void hangUp() throws IOException {
    Phase.HangingUp hangingUp = new Phase.HangingUp(connections.size());
    phase = hangingUp;
    for (Connection connection : connections) {
      connection.queue(Frames.CLOSE, NORMAL_CLOSURE, NORMAL_CLOSURE.length, masks.nextInt());
      connection.flush(out);
    }
    run(new NothingMoreToSay(), PATIENCE, () -> hangingUp.left == 0);
    if (hangingUp.left > 0) {
      throw new WireException(hangingUp.left + " close frames were not answered");
    }
  }

  private void run(Conversation conversation, Duration atMost, BooleanSupplier done)
      throws IOException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!done.getAsBoolean() && System.nanoTime() < end) {
      selector.select(key -> ready(key, conversation), TICK_MS);
    }
  }

  private void ready(SelectionKey key, Conversation conversation) {
    Connection connection = (Connection) key.attachment();
    try {
      if (key.isWritable()) {
        connection.flush(out);
      }
      if (key.isReadable()) {
        boolean open =
            connection.read(
                in,
                bytes,
                (opcode, frame, offset, length) ->
                    heard(connection, conversation, opcode, frame, offset, length));
        flush();
        if (!open) {
          gone(connection, key);
        }
      }
    } catch (IOException e) {
      throw new WireException("connection " + connection.number + " broke: " + e, e);
    }
  }

  private void heard(
      Connection from, Conversation conversation, int opcode, byte[] frame, int at, int length) {
    switch (opcode) {
      case Frames.TEXT -> conversation.heard(from.number, frame, at, length);
      case Frames.PING -> {
        byte[] payload = new byte[length];
        System.arraycopy(frame, at, payload, 0, length);
        queue(from, Frames.PONG, payload, length);
      }
      case Frames.CLOSE -> closed(from, frame, at, length);
      default ->
          throw new WireException("connection " + from.number + " got a frame of kind " + opcode);
    }
  }

  private void closed(Connection from, byte[] frame, int at, int length) {
    int code = length < 2 ? 1005 : ((frame[at] & 0xff) << 8) | (frame[at + 1] & 0xff);
    if (phase instanceof Phase.HangingUp hangingUp && code == 1000) {
      hangingUp.left--;
    } else {
      throw new WireException("connection %d was closed with %d".formatted(from.number, code));
    }
  }

  /// A server may only close a socket behind the answer to our close frame, and there it should.
  private void gone(Connection connection, SelectionKey key) throws IOException {
    if (!(phase instanceof Phase.HangingUp)) {
      throw new WireException("the server cut connection " + connection.number);
    }
    key.cancel();
    connection.cut();
  }

  @Override
  public void say(int connection, byte[] text, int length) {
    queue(connections.get(connection), Frames.TEXT, text, length);
  }

  @Override
  public boolean goesOn() {
    return phase instanceof Phase.Talking;
  }

  private void queue(Connection to, int opcode, byte[] payload, int length) {
    to.queue(opcode, payload, length, masks.nextInt());
    if (dirty.isEmpty() || dirty.getLast().number != to.number) {
      dirty.add(to);
    }
  }

  private void flush() throws IOException {
    for (int i = 0; i < dirty.size(); i++) {
      dirty.get(i).flush(out);
    }
    dirty.clear();
  }

  @Override
  public void close() throws IOException {
    for (Connection connection : connections) {
      connection.cut();
    }
    selector.close();
  }

  /// While nothing was asked: every text is one too many.
  private static final class NothingMoreToSay implements Conversation {
    @Override
    public void begin(Voice voice) {
      throw new IllegalStateException("there is nothing more to say");
    }

    @Override
    public void heard(int connection, byte[] bytes, int offset, int length) {
      throw new WireException("connection " + connection + " got a text after the last answer");
    }

    @Override
    public boolean isQuiet() {
      return true;
    }

    @Override
    public void end() {
      // Nothing to check.
    }
  }
}
