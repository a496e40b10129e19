package dev.dormouse.loadtest.hold;

import dev.dormouse.loadtest.Frames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/// Wakes connections at a constant rate, whether or not earlier answers have come, and compares
/// each answer with what was asked. The text carries a number and the planned time, so that no
/// answer can pass for another, and waiting is counted from the plan: a client that was late itself
/// does not flatter the server. Belongs to the holder's thread.
final class Waker {
  private static final double SECONDS_OF_A_MINUTE = 60;

  private final Sockets sockets;
  private final Counts counts;
  private final Round round;
  private final long patience;
  private final Waiting waiting = new Waiting();

  /// Of the last text of each socket.
  private final long[] planned;

  private final int[] numbers;

  /// Answers that each socket owes since they were counted as late.
  private final byte[] owed;

  private Beat beat = new Beat(0, 0);
  private int number;

  /// @param patience in nanoseconds
  Waker(Sockets sockets, Counts counts, long patience) {
    this.sockets = sockets;
    this.counts = counts;
    this.patience = patience;
    this.round = new Round(sockets.size());
    this.planned = new long[sockets.size()];
    this.numbers = new int[sockets.size()];
    this.owed = new byte[sockets.size()];
  }

  /// From `now` on as many percent of the connections that are open now, each minute.
  void begin(double percent, long now) {
    beat = new Beat(now, counts.open * percent / 100 / SECONDS_OF_A_MINUTE);
  }

  /// Nothing new from now on.
  void end() {
    beat = new Beat(0, 0);
  }

  /// True if no answer is under way.
  boolean isQuiet() {
    skipAnswered();
    return waiting.isEmpty();
  }

  long next() {
    return Math.min(
        beat.next(), waiting.isEmpty() ? Long.MAX_VALUE : waiting.since() + patience + 1);
  }

  /// @param clock to tell how late a send is
  /// @param lost is told of sockets that cannot be written to
  void work(LongSupplier clock, IntConsumer lost) {
    long now = clock.getAsLong();
    while (beat.isDue(now)) {
      long due = beat.next();
      beat.done();
      int socket = idle();
      if (socket >= 0) {
        ask(socket, due, clock, lost);
      }
    }
    skipAnswered();
    while (!waiting.isEmpty() && waiting.since() + patience < now) {
      int socket = waiting.first();
      if (isWaiting(socket, waiting.since())) {
        counts.late++;
        owed[socket] = (byte) Math.min(owed[socket] + 1, Byte.MAX_VALUE);
        sockets.state(socket, Sockets.State.IDLE);
      }
      waiting.drop();
    }
  }

  private void skipAnswered() {
    while (!waiting.isEmpty() && !isWaiting(waiting.first(), waiting.since())) {
      waiting.drop();
    }
  }

  private boolean isWaiting(int socket, long since) {
    return sockets.state(socket) == Sockets.State.WAITING && planned[socket] == since;
  }

  /// The next that waits for nothing; -1 if there is none.
  private int idle() {
    for (int i = 0; i < sockets.size(); i++) {
      int socket = round.next();
      if (sockets.state(socket) == Sockets.State.IDLE) {
        return socket;
      }
    }
    return -1;
  }

  private void ask(int socket, long due, LongSupplier clock, IntConsumer lost) {
    planned[socket] = due;
    numbers[socket] = number++;
    byte[] text = text(socket);
    counts.lags.add(TimeUnit.NANOSECONDS.toMicros(clock.getAsLong() - due));
    counts.sent++;
    try {
      sockets.send(socket, Frames.TEXT, text, text.length);
      sockets.state(socket, Sockets.State.WAITING);
      waiting.add(socket, due);
    } catch (IOException _) {
      lost.accept(socket);
    }
  }

  /// A text has come. One that comes after its time was counted as late already, and is not counted
  /// again.
  void heard(int socket, byte[] bytes, int offset, int length, long now) {
    byte[] wanted = text(socket);
    boolean right =
        sockets.state(socket) == Sockets.State.WAITING
            && Arrays.equals(wanted, 0, wanted.length, bytes, offset, offset + length);
    if (right) {
      counts.answered++;
      counts.waits.add(TimeUnit.NANOSECONDS.toMicros(now - planned[socket]));
      sockets.state(socket, Sockets.State.IDLE);
    } else if (owed[socket] > 0) {
      owed[socket]--;
    } else {
      counts.wrong++;
    }
  }

  private byte[] text(int socket) {
    return ("e" + numbers[socket] + " " + planned[socket]).getBytes(StandardCharsets.US_ASCII);
  }
}
