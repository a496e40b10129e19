package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// The saga facility over a way between rooms that a test decides on: it may lose messages and
/// deliver them twice.
final class Wire implements Facility {
  /// What becomes of a message.
  enum Fate {
    ARRIVES,
    TWICE,
    LOST
  }

  private final Facility inner;
  private BiFunction<RoomId, RoomId, Fate> fate = (from, to) -> Fate.ARRIVES;

  private final Set<String> forgotten = new HashSet<>();
  private BiFunction<RoomId, byte[], byte[]> spoil = (from, message) -> message;

  Wire(Facility inner) {
    this.inner = inner;
  }

  /// Has a row look as if it had never been written, until it is written again: its room's file has
  /// been replaced by an older one.
  void forget(RoomId room, String key) {
    forgotten.add(room + " " + key);
  }

  /// Changes messages on their way.
  void spoil(BiFunction<RoomId, byte[], byte[]> spoil) {
    this.spoil = spoil;
  }

  void fate(BiFunction<RoomId, RoomId, Fate> fate) {
    this.fate = fate;
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
    Object wired =
        Proxy.newProxyInstance(
            FacilityRoom.class.getClassLoader(),
            new Class<?>[] {FacilityRoom.class},
            (self, method, arguments) -> {
              if (method.getName().equals("postAhead")) {
                post(room, (RoomId) arguments[0], (byte[]) arguments[1]);
                return null;
              }
              String row = arguments == null ? "" : room.id() + " " + arguments[0];
              if (method.getName().equals("get") && forgotten.contains(row)) {
                return Optional.empty();
              }
              if (method.getName().equals("put")) {
                forgotten.remove(row);
              }
              try {
                return method.invoke(room, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return inner.join((FacilityRoom) wired);
  }

  private void post(FacilityRoom room, RoomId to, byte[] letter) {
    byte[] message = spoil.apply(room.id(), letter);
    switch (fate.apply(room.id(), to)) {
      case ARRIVES -> room.postAhead(to, message);
      case TWICE -> {
        room.postAhead(to, message);
        room.postAhead(to, message);
      }
      case LOST -> {}
    }
  }
}
