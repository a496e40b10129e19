package dev.dormouse.room;

import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// A facility that does what its test says, and gives its side of a room to whoever asks.
final class OpenFacility implements Facility {
  private final Consumer<FacilityRoom> onAlarm;
  private final BiConsumer<FacilityRoom, String> onMessage;

  /// What a room of the test sees of it.
  interface Open {
    FacilityRoom room();
  }

  /// @param onMessage gets the message as text
  OpenFacility(Consumer<FacilityRoom> onAlarm, BiConsumer<FacilityRoom, String> onMessage) {
    this.onAlarm = onAlarm;
    this.onMessage = onMessage;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String name() {
    return "open";
  }

  @Override
  public Class<?> type() {
    return Open.class;
  }

  @Override
  public Part join(FacilityRoom room) {
    return new OpenPart(room);
  }

  private final class OpenPart implements Part {
    private final FacilityRoom room;

    OpenPart(FacilityRoom room) {
      this.room = room;
    }

    @Override
    public Object handle() {
      return (Open) () -> room;
    }

    @Override
    public void onStart() {}

    @Override
    public void onAlarm(String name) {
      onAlarm.accept(room);
    }

    @Override
    public void onMessage(RoomId from, byte[] message) {
      onMessage.accept(room, new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public void onFailed(RoomId from, byte[] message, Throwable failure) {
      throw new AssertionError("a message to " + room.id() + " failed", failure);
    }
  }
}
