package dev.dormouse.server.jetty;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.Message;
import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Unfinished;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/// Puts messages together from frames, and from the parts of frames in which Jetty hands them out:
/// only the final bit says that a message is whole.
///
/// One socket's frames come one at a time; whoever ends it may come at any time. So what has come
/// of a message in parts is guarded by this object. A message that comes in one piece takes no
/// lock.
final class Assembly extends Unfinished {
  private static final byte[] NOTHING = new byte[0];

  private final int limit;
  private final Burden burden;
  private final Consumer<Why> ended;

  /// What has come of the message so far; larger than [#length] while a message is in parts.
  /// Guarded by this, as all below but for [#text].
  private byte[] bytes = NOTHING;

  private int length;
  private long came;
  private boolean over;

  /// For the thread that reads.
  private boolean text;

  /// @param limit the most bytes that a message may have
  /// @param burden counts what has come of messages that are not whole
  /// @param ended told if the message is given up since it does not get on, or takes too much
  Assembly(int limit, Burden burden, Consumer<Why> ended) {
    this.limit = limit;
    this.burden = burden;
    this.ended = ended;
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
    ByteBuffer payload = frame.getPayload();
    int more = payload == null ? 0 : payload.remaining();
    if (frame.getOpCode() == OpCode.CONTINUATION) {
      return addPart(payload, more, frame.isFin());
    }
    text = frame.getOpCode() == OpCode.TEXT;
    if (!frame.isFin()) {
      return addPart(payload, more, false);
    }
    if (more > limit) {
      return TOO_BIG;
    }
    byte[] whole = NOTHING;
    if (payload != null && more > 0) {
      whole = new byte[more];
      payload.get(whole);
    }
    return message(whole);
  }

  private synchronized Step addPart(@Nullable ByteBuffer payload, int more, boolean last) {
    if (more > limit - length) {
      clear();
      return TOO_BIG;
    }
    if (!append(payload, more)) {
      clear();
      return NO_ROOM;
    }
    if (!last) {
      return PART;
    }
    byte[] whole = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    clear();
    return message(whole);
  }

  private Step message(byte[] whole) {
    if (!text) {
      return new Whole(new Message.Binary(whole));
    }
    return Utf8.valid(whole) ? new Whole(new Message.Text(whole)) : NOT_UTF_8;
  }

  /// @return false if memory is short and the message large, or nothing is taken any more
  private boolean append(@Nullable ByteBuffer payload, int more) {
    if (over) {
      return false;
    }
    if (payload == null || more == 0) {
      return true;
    }
    if (length + more > bytes.length) {
      if (burden.full() || (length + more > Burden.SMALL && burden.heavy())) {
        return false;
      }
      // Doubled, so that a message that comes a byte at a time is not copied once per byte.
      int room = (int) Math.min(limit, Math.max(2L * bytes.length, length + more));
      if (bytes.length == 0) {
        burden.begin(this);
      }
      burden.add(room - bytes.length);
      bytes = Arrays.copyOf(bytes, room);
    }
    payload.get(bytes, length, more);
    length += more;
    came += more;
    return true;
  }

  private void clear() {
    if (bytes.length > 0) {
      burden.done(this);
      burden.add(-bytes.length);
    }
    bytes = NOTHING;
    length = 0;
  }

  /// The socket has ended; for any thread.
  synchronized void end() {
    over = true;
    clear();
  }

  @Override
  protected synchronized long holds() {
    return bytes.length;
  }

  @Override
  protected synchronized long moved() {
    return came;
  }

  @Override
  protected void end(Why why) {
    synchronized (this) {
      if (bytes.length == 0) {
        return;
      }
      end();
    }
    ended.accept(why);
  }
}
