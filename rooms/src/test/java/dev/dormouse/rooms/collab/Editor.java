package dev.dormouse.rooms.collab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.rooms.yjs.AwarenessUpdate;
import dev.dormouse.rooms.yjs.MalformedUpdateException;
import dev.dormouse.rooms.yjs.StateVector;
import dev.dormouse.rooms.yjs.YLimits;
import dev.dormouse.rooms.yjs.YMessage;
import dev.dormouse.rooms.yjs.YUpdate;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An editor as far as the wire shows it: knows a document as an update, types into it on line and
/// off line, and speaks y-protocols as `y-websocket` does.
final class Editor {
  private static final YLimits LIMITS = YLimits.defaults();

  final long client;

  /// All this editor knows, its own changes included.
  YUpdate content = YUpdate.EMPTY;

  /// What it was told by the server, ever.
  YUpdate told = YUpdate.EMPTY;

  boolean synced;
  private long clock;
  private long awarenessClock;
  private @Nullable FakeConnection connection;
  private int read;

  Editor(long client) {
    this.client = client;
  }

  Editor open(RoomTester t) {
    begin(t.connect("collab", "doc"));
    settle(t, this);
    return this;
  }

  /// Starts the protocol on a fresh connection, as `y-websocket` does.
  void begin(FakeConnection fresh) {
    connection = fresh;
    read = 0;
    synced = false;
    fresh.send(new YMessage.SyncStep1(content.stateVector()).encode());
  }

  FakeConnection connection() {
    FakeConnection current = connection;
    if (current == null) {
      throw new IllegalStateException("editor " + client + " is off line");
    }
    return current;
  }

  boolean isOnline() {
    return connection != null && connection.closed().isEmpty();
  }

  void vanish() {
    if (isOnline()) {
      connection().vanish();
    }
    connection = null;
  }

  /// The line is gone without a word, as after a crash of the server.
  void lose() {
    connection = null;
  }

  /// Inserts behind a character that it knows, and says so if it is on line.
  YUpdate type(String text, long originClient) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varUint(out, 1);
    varUint(out, 1);
    varUint(out, client);
    varUint(out, clock);
    long known = content.stateVector().next(originClient);
    if (known == 0) {
      out.write(4);
      varUint(out, 1);
      string(out, "text");
    } else {
      out.write(4 | 0x80);
      varUint(out, originClient);
      varUint(out, known - 1);
    }
    string(out, text);
    varUint(out, 0);
    clock += text.length();
    return change(out);
  }

  YUpdate type(String text) {
    return type(text, client);
  }

  /// Deletes one character of `of` that it knows.
  void delete(long of, long at) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varUint(out, 0);
    varUint(out, 1);
    varUint(out, of);
    varUint(out, 1);
    varUint(out, at);
    varUint(out, 1);
    change(out);
  }

  private YUpdate change(ByteArrayOutputStream bytes) {
    YUpdate update;
    try {
      update = YUpdate.decode(bytes.toByteArray(), LIMITS);
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
    content = YUpdate.merge(List.of(content, update));
    if (isOnline()) {
      connection().send(new YMessage.Update(update).encode());
    }
    return update;
  }

  void present(String state) {
    awarenessClock++;
    if (isOnline()) {
      connection()
          .send(
              new YMessage.AwarenessMessage(
                      new AwarenessUpdate(
                          List.of(new AwarenessUpdate.Entry(client, awarenessClock, state))))
                  .encode());
    }
  }

  /// Asks again for what it lacks: also a sign of life that reaches the room.
  void ask() {
    if (isOnline()) {
      connection().send(new YMessage.SyncStep1(content.stateVector()).encode());
    }
  }

  /// Handles what has come, and says whether anything had.
  boolean pump() {
    if (connection == null) {
      return false;
    }
    List<Message> all = connection().received();
    boolean any = read < all.size();
    while (read < all.size()) {
      Message message = all.get(read++);
      assertThat(message).isInstanceOf(Message.Binary.class);
      try {
        handle(YMessage.parse(message.bytes(), LIMITS));
      } catch (MalformedUpdateException e) {
        throw new AssertionError("the room said what nobody understands", e);
      }
    }
    connection()
        .closed()
        .map(CloseStatus::code)
        .ifPresent(code -> {
          assertThat(code).as("close code").isIn(1006, 4010);
          connection = null;
        });
    return any;
  }

  private void handle(YMessage message) {
    switch (message) {
      case YMessage.SyncStep1(StateVector known) -> {
        if (isOnline()) {
          connection().send(new YMessage.SyncStep2(content.diff(known)).encode());
        }
      }
      case YMessage.SyncStep2(YUpdate update) -> {
        synced = true;
        take(update);
      }
      case YMessage.Update(YUpdate update) -> take(update);
      case YMessage.AwarenessMessage _ -> {}
      case YMessage.Auth _, YMessage.QueryAwareness _ ->
          throw new AssertionError("unexpected: " + message);
    }
  }

  private void take(YUpdate update) {
    told = YUpdate.merge(List.of(told, update));
    content = YUpdate.merge(List.of(content, update));
  }

  /// Lets the room and these editors talk until nobody has anything to say.
  static void settle(RoomTester t, Editor... editors) {
    boolean any;
    do {
      t.settle();
      any = false;
      for (Editor editor : editors) {
        any |= editor.pump();
      }
    } while (any);
  }

  /// Writes a number as Yjs does: seven bits a byte, the lowest first.
  static void varUint(ByteArrayOutputStream out, long number) {
    long rest = number;
    while (rest > 127) {
      out.write((int) (rest & 127) | 128);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    varUint(out, bytes.length);
    out.writeBytes(bytes);
  }
}
