package dev.dormouse.crash;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;

/// A facility with failpoints around all it does: between the runtime and it, so that neither has
/// to know of them. What a message is it finds out from the bytes.
final class Watched implements Facility {
  private final Facility inner;
  private final Execution execution;

  Watched(Facility inner, Execution execution) {
    this.inner = inner;
    this.execution = execution;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public Class<?> type() {
    return inner.type();
  }

  @Override
  public Part join(FacilityRoom room) {
    return new WatchedPart(inner.join(watched(room)), room);
  }

  private FacilityRoom watched(FacilityRoom room) {
    return (FacilityRoom)
        Proxy.newProxyInstance(
            FacilityRoom.class.getClassLoader(),
            new Class<?>[] {FacilityRoom.class},
            (self, method, arguments) -> {
              switch (method.getName()) {
                case "post" -> execution.failpoint(posts((byte[]) arguments[1]));
                // By then it may have been taken, too.
                case "postAhead" -> {
                  String posts = posts((byte[]) arguments[1]);
                  room.whenDurable(() -> execution.failpoint(posts));
                }
                case "delete" -> deletes(room, (String) arguments[0]);
                default -> {}
              }
              try {
                return method.invoke(room, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void deletes(FacilityRoom room, String key) {
    if (!name().equals("saga")) {
      execution.failpoint(name() + ".deletes");
    } else if (key.startsWith("out/")) {
      execution.failpoint(Places.CUTS);
      room.whenDurable(() -> execution.failpoint(Places.CUT));
    } else if (key.startsWith("part/")) {
      execution.failpoint(Places.FORGETS);
    }
  }

  private String posts(byte[] message) {
    return name().equals("saga") ? kind(message) : name() + ".posts-" + message[0];
  }

  /// The failpoint for a message of sagas: four numbers, then a letter behind its length, of which
  /// the second byte is the kind; then steps that are asked for, and steps whose sagas have ended.
  private static String kind(byte[] message) {
    ByteBuffer bytes = ByteBuffer.wrap(message);
    bytes.position(4 * Long.BYTES);
    if (bytes.getInt() == 0) {
      return bytes.getInt() > 0
          ? Places.POSTS_ASK
          : bytes.getInt() > 0 ? Places.POSTS_FORGET : Places.POSTS_RECEIPT;
    }
    bytes.get();
    int kind = bytes.get();
    return switch (kind) {
      case 1 -> Places.POSTS_COMMAND;
      case 2 -> Places.POSTS_REPLY;
      case 4 -> Places.POSTS_ANSWER;
      default -> "saga.posts-" + kind;
    };
  }

  /// The same for a part.
  private final class WatchedPart implements Part {
    private final Part part;
    private final FacilityRoom room;

    WatchedPart(Part part, FacilityRoom room) {
      this.part = part;
      this.room = room;
    }

    @Override
    public Object handle() {
      return part.handle();
    }

    @Override
    public void onStart() {
      execution.failpoint(name() + ".starts");
      part.onStart();
    }

    @Override
    public void onAlarm(String name) throws Exception {
      execution.failpoint(name() + ".alarm");
      room.whenDurable(() -> execution.failpoint(name() + ".alarm-durable"));
      part.onAlarm(name);
    }

    @Override
    public void onMessage(RoomId from, byte[] message) throws Exception {
      room.whenDurable(() -> execution.failpoint(name() + ".taken"));
      part.onMessage(from, message);
    }

    @Override
    public void onFailed(RoomId from, byte[] message, Throwable failure) throws Exception {
      part.onFailed(from, message, failure);
    }
  }
}
