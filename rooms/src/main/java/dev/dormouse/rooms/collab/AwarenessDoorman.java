package dev.dormouse.rooms.collab;

import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Doorman;
import dev.dormouse.rooms.yjs.Awareness;
import dev.dormouse.rooms.yjs.AwarenessUpdate;
import dev.dormouse.rooms.yjs.MalformedUpdateException;
import dev.dormouse.rooms.yjs.YLimits;
import dev.dormouse.rooms.yjs.YMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes what editors say about themselves (names, cursors, signs of life), so that a document's
/// room sleeps while people look at it: every open tab says it is still there each 15 seconds.
///
/// Who is there is relayed, remembered for newcomers, and forgotten after 30 seconds of silence.
/// What concerns the document passes, unread but for its type.
///
/// Who may only read sees the others and is not seen: nothing that such a connection says changes
/// what anybody else sees, be it a name, a cursor, or a place among those that a document holds.
final class AwarenessDoorman implements Doorman {
  /// The name under which [CollabNamespace] declares it.
  static final String NAME = "awareness";

  /// What a porch takes before anybody is there: itself, its table, two empty maps.
  static final int OWN_BYTES = 256;

  /// `y-websocket` hangs up when it heard nothing for 30 seconds. Eight of them are left for the
  /// wheel, which is late by up to a second, and for a slow network; feeding sooner costs more.
  private static final KeepAlive FOOD =
      new KeepAlive(Duration.ofSeconds(22), Message.of(YMessage.keepAlive()));

  private final YLimits limits;

  AwarenessDoorman(YLimits limits) {
    this.limits = limits;
  }

  /// What the porch must be allowed to hold, so that `limits` refuse before the porch overflows.
  static int porchBytes(YLimits limits) {
    return OWN_BYTES + limits.awarenessBytes();
  }

  @Override
  public Porch open(int maxBytes) {
    return new AwarenessPorch(limits.withAwarenessBytes(maxBytes - OWN_BYTES));
  }

  @Override
  public Optional<KeepAlive> keepAlive() {
    return Optional.of(FOOD);
  }

  /// Who is in one document. Guarded by the port's promise that calls never overlap.
  private static final class AwarenessPorch implements Porch {
    private final YLimits limits;
    private final Awareness<Long> awareness;

    AwarenessPorch(YLimits limits) {
      this.limits = limits;
      this.awareness = new Awareness<>(limits);
    }

    @Override
    public List<Verdict> joins(long connection, long now) {
      AwarenessUpdate states = awareness.states();
      return states.isEmpty() ? List.of() : List.of(new Verdict.Answer(message(states)));
    }

    @Override
    public List<Verdict> hears(long connection, Message message, long now) {
      if (!(message instanceof Message.Binary(byte[] frame)) || !isMine(frame)) {
        return Verdict.PASS;
      }
      if (frame.length > largestFrame()) {
        return List.of(tooMuch());
      }
      try {
        return switch (YMessage.parse(frame, limits)) {
          case YMessage.AwarenessMessage(var update) -> heard(connection, update, message, now);
          case YMessage.QueryAwareness _ ->
              List.of(new Verdict.Answer(message(awareness.states())));
          case YMessage.SyncStep1 _, YMessage.SyncStep2 _, YMessage.Update _, YMessage.Auth _ ->
              Verdict.PASS;
        };
      } catch (MalformedUpdateException e) {
        return List.of(
            new Verdict.Close(CollabClose.MALFORMED.status(String.valueOf(e.getMessage()))));
      }
    }

    @Override
    public List<Verdict> hearsReader(long connection, Message message, long now) {
      if (!(message instanceof Message.Binary(byte[] frame)) || !isMine(frame)) {
        return Verdict.PASS;
      }
      boolean asks = frame[0] == YMessage.QUERY_AWARENESS;
      return asks ? List.of(new Verdict.Answer(message(awareness.states()))) : List.of();
    }

    /// Looks at the type only: what is no message at all is for the room to refuse.
    private static boolean isMine(byte[] frame) {
      try {
        int type = YMessage.type(frame);
        return type == YMessage.AWARENESS || type == YMessage.QUERY_AWARENESS;
      } catch (MalformedUpdateException e) {
        return false;
      }
    }

    /// An editor may repeat everything that it was told, and a letter of one byte in memory takes
    /// up to two on the wire. More than that cannot all be news, and is not worth reading.
    private long largestFrame() {
      return 2L * limits.awarenessBytes();
    }

    private List<Verdict> heard(
        long connection, AwarenessUpdate update, Message message, long now) {
      Awareness.Applied applied = awareness.apply(update, connection, now);
      AwarenessUpdate news = applied.accepted();
      // As it came, if all of it is news: then nothing is written anew.
      List<Verdict> verdicts =
          new ArrayList<>(news.equals(update) ? relay(update, message) : relay(news));
      if (applied.refused() > 0) {
        verdicts.add(tooMuch());
      }
      return verdicts;
    }

    private static Verdict tooMuch() {
      return new Verdict.Close(
          new CloseStatus(CloseCode.TOO_BIG.code(), "more awareness states than a document holds"));
    }

    @Override
    public List<Verdict> leaves(long connection, long now) {
      return relay(awareness.leave(connection, now));
    }

    /// Those who fell silent hear it too: an editor that is there after all answers.
    @Override
    public List<Verdict> ticks(long now) {
      return relay(awareness.expire(now));
    }

    @Override
    public int bytes() {
      return OWN_BYTES + awareness.heldBytes();
    }

    private static List<Verdict> relay(AwarenessUpdate news) {
      return news.isEmpty() ? List.of() : relay(news, message(news));
    }

    private static List<Verdict> relay(AwarenessUpdate news, Message message) {
      return news.isEmpty() ? List.of() : List.of(new Verdict.Relay(message));
    }

    private static Message message(AwarenessUpdate update) {
      return Message.of(new YMessage.AwarenessMessage(update).encode());
    }
  }
}
