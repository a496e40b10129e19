package dev.dormouse.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import java.time.Duration;

/// A facility that has a row and an alarm in every room, and does nothing with them.
final class StagedRows implements Facility {
  /// What rooms ask for; nobody does.
  interface Nothing {}

  @Override
  public String name() {
    return "staged";
  }

  @Override
  public Class<?> type() {
    return Nothing.class;
  }

  @Override
  public Part join(FacilityRoom room) {
    return new RowPart(room);
  }

  private record RowPart(FacilityRoom room) implements Part, Nothing {
    @Override
    public Object handle() {
      return this;
    }

    @Override
    public void onStart() {
      room.put("row", "of the system".getBytes(UTF_8));
      room.setAlarm("far", room.clock().instant().plus(Duration.ofDays(300)).toEpochMilli());
    }

    @Override
    public void onAlarm(String name) {}

    @Override
    public void onMessage(RoomId from, byte[] message) {}

    @Override
    public void onFailed(RoomId from, byte[] message, Throwable failure) {}
  }
}
