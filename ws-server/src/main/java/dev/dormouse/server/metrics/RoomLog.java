package dev.dormouse.server.metrics;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.RoomObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs what went wrong in rooms, each line with its room.
final class RoomLog implements RoomObserver {
  private static final Logger LOG = LoggerFactory.getLogger("dev.dormouse.rooms");

  @Override
  public void roomStarted(RoomId room, StartCause cause, WokenBy by, long nanos) {
    LOG.atDebug().addKeyValue("room", room).log("a room starts: {}, for {}", cause, by);
  }

  @Override
  public void roomFellAsleep(RoomId room) {
    LOG.atDebug().addKeyValue("room", room).log("a room falls asleep");
  }

  @Override
  public void handlerFailed(RoomId room, Throwable failure) {
    LOG.atWarn().addKeyValue("room", room).setCause(failure).log("a handler failed");
  }

  @Override
  public void commitFailed(RoomId room, CommitFailure failure) {
    LOG.atError().addKeyValue("room", room).setCause(failure).log("a commit failed");
  }

  @Override
  public void overLimit(RoomId room, String what) {
    LOG.atWarn().addKeyValue("room", room).log("a room was reset: {}", what);
  }

  @Override
  public void alarmParked(RoomId room, String alarm) {
    LOG.atError().addKeyValue("room", room).log("the alarm '{}' failed for good", alarm);
  }

  @Override
  public void runtimeFailed(String what, Throwable failure) {
    LOG.error("{}", what, failure);
  }
}
