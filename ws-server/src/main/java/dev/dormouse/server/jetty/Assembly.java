package dev.dormouse.server.jetty;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.Message;
import dev.dormouse.server.limits.Burden;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/// Puts messages together from frames, and from the parts of frames in which Jetty hands them out:
/// only the final bit says that a message is whole.
///
/// Not safe for threads: one socket's frames come one at a time.
final class Assembly {
  private static final byte[] NOTHING = new byte[0];

  private final int limit;
  private final Burden burden;

  /// What has come of the message so far; larger than [#length] while a message is in parts.
  private byte[] bytes = NOTHING;

  private int length;
  private boolean text;

  /// What the burden counts for this. Guarded by this object, since its socket may end at any time;
  /// no message that comes in one piece takes the lock.
  private int counted;

  /// Guarded by this.
  private boolean over;

  /// @param limit the most bytes that a message may have
  /// @param burden counts what has come of messages that are not whole
  Assembly(int limit, Burden burden) {
    this.limit = limit;
    this.burden = burden;
  }

  /// What a frame led to.
  sealed interface Step {}

  /// The message goes on.
  record Part() implements Step {}

  /// The message is whole.
  record Whole(Message message) implements Step {}

  /// The message cannot be taken, for the reason that the code states.
  record Bad(CloseCode code) implements Step {}

  private static final Step PART = new Part();
  private static final Step TOO_BIG = new Bad(CloseCode.TOO_BIG);
  private static final Step NO_ROOM = new Bad(CloseCode.TRY_LATER);
  private static final Step NOT_UTF_8 = new Bad(CloseCode.BAD_PAYLOAD);

  /// Takes a data frame whose place in the sequence is known to be right.
  Step add(Frame frame) {
    if (frame.getOpCode() != OpCode.CONTINUATION) {
      text = frame.getOpCode() == OpCode.TEXT;
    }
    ByteBuffer payload = frame.getPayload();
    int more = payload == null ? 0 : payload.remaining();
    if (more > limit - length) {
      clear();
      return TOO_BIG;
    }
    if (!frame.isFin()) {
      return append(payload, more) ? PART : NO_ROOM;
    }
    byte[] whole = NOTHING;
    if (length == 0) {
      if (payload != null && more > 0) {
        whole = new byte[more];
        payload.get(whole);
      }
    } else {
      if (!append(payload, more)) {
        return NO_ROOM;
      }
      whole = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }
    clear();
    if (!text) {
      return new Whole(new Message.Binary(whole));
    }
    return Utf8.valid(whole) ? new Whole(new Message.Text(whole)) : NOT_UTF_8;
  }

  /// @return false if memory is short and the message large; then nothing is left of it
  private boolean append(@Nullable ByteBuffer payload, int more) {
    if (payload == null || more == 0) {
      return true;
    }
    if (length + more > bytes.length) {
      // Doubled, so that a message that comes a byte at a time is not copied once per byte.
      int room = (int) Math.min(limit, Math.max(2L * bytes.length, length + more));
      if (!counts(room, length + more > Burden.SMALL)) {
        clear();
        return false;
      }
      bytes = Arrays.copyOf(bytes, room);
    }
    payload.get(bytes, length, more);
    length += more;
    return true;
  }

  private synchronized boolean counts(int size, boolean large) {
    if (over || (large && burden.heavy())) {
      return false;
    }
    burden.add(size - counted);
    counted = size;
    return true;
  }

  private synchronized void counts() {
    burden.add(-counted);
    counted = 0;
  }

  /// The socket has ended; for any thread.
  synchronized void end() {
    over = true;
    counts();
  }

  private void clear() {
    if (bytes.length > 0) {
      counts();
    }
    bytes = NOTHING;
    length = 0;
  }
}
