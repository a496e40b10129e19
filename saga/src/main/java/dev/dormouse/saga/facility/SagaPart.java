package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.SagaLimits;
import dev.dormouse.saga.engine.AlarmRef;
import dev.dormouse.saga.engine.Definitions;

/// Sagas in one incarnation of a room: brings each letter and each alarm to whom it is for.
final class SagaPart implements Facility.Part {
  /// How often an answer may fail to be taken: more than a room may throw at its news.
  private static final int ANSWERS = 2 * Tidings.THROWS;

  private final FacilityRoom room;
  private final Strikes strikes;
  private final Mail mail;
  private final Owner owner;
  private final OwnSagas handle;
  private final Attendance attendance;

  SagaPart(
      FacilityRoom room,
      Definitions definitions,
      Services services,
      SagaLimits limits,
      Strikes strikes,
      SagaObserver observer) {
    this.room = room;
    this.strikes = strikes;
    Watch watch = new Watch(room, observer);
    mail = new Mail(room, watch);
    attendance = new Attendance(room, mail, limits.resultBytes());
    External external = new External(room, services, limits.resultBytes());
    Tidings tidings = new Tidings(room, strikes);
    owner = new Owner(room, definitions, limits, mail, external, tidings, watch);
    handle = new OwnSagas(room, definitions, owner, attendance);
  }

  @Override
  public Object handle() {
    return handle;
  }

  @Override
  public void onStart() {
    // Letters of an earlier incarnation have an alarm each lane.
  }

  @Override
  public void onAlarm(String name) {
    if (AlarmRef.isOne(name)) {
      owner.ring(AlarmRef.parse(name));
    } else if (name.equals(Trimming.ALARM)) {
      owner.trim();
    } else {
      mail.ring(name);
    }
  }

  @Override
  public void onMessage(RoomId from, byte[] message) throws Exception {
    mail.take(
        from,
        message,
        (letter, number) -> {
          switch (letter) {
            case Letter.Command(var command) -> attendance.take(from, command, number);
            case Letter.Reply(String saga, var reply) -> {
              owner.answered(saga, reply);
              strikes.clear(room.id(), answerTo(saga));
            }
            case Letter.Forget(String saga, int step) -> attendance.forget(from, saga, step);
            case Letter.Answer(var command, var reply) -> owner.called(command, reply);
          }
        });
  }

  private static String answerTo(String saga) {
    return "answer/" + saga;
  }

  /// An answer is left with its sender, who sends it again: were it lost, its step would be asked
  /// again, and given up in the end. Anything else counts as taken, and so does an answer that
  /// fails for ever, or it would stand in the way of all that follow.
  @Override
  public void onFailed(RoomId from, byte[] message, Throwable failure) throws Exception {
    if (mail.letter(message) instanceof Letter.Reply(String saga, var _)) {
      strikes.add(room.id(), answerTo(saga), failure);
      if (!strikes.out(room.id(), answerTo(saga), ANSWERS)) {
        return;
      }
      strikes.clear(room.id(), answerTo(saga));
    }
    mail.take(
        from,
        message,
        (letter, number) -> {
          switch (letter) {
            case Letter.Command(var command) -> attendance.failed(from, command, failure);
            // The guard of its step has the command sent again, and its answer comes again.
            case Letter.Reply _ -> {}
            // Nobody keeps it: once more, or the call is made again.
            case Letter.Answer(var command, var reply) -> owner.called(command, reply);
            // It must not be lost, since nobody would send it again, and cannot fail by itself.
            case Letter.Forget(String saga, int step) -> attendance.forget(from, saga, step);
          }
        });
  }
}
