package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.SagaLimits;
import dev.dormouse.saga.engine.Definitions;
import dev.dormouse.saga.engine.RowKeys;
import java.util.List;

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
  private final Records records;
  private final Endings endings;

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
    endings = new Endings(room);
    mail = new Mail(room, new Outbox(room, watch), endings);
    records = new Records(room, limits.asking());
    attendance = new Attendance(room, mail, records, limits.resultBytes());
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
    // Letters of an earlier incarnation have an alarm.
  }

  @Override
  public void onAlarm(String name) {
    if (name.startsWith(RowKeys.SAGAS)) {
      owner.ring(name.substring(RowKeys.SAGAS.length()));
    } else if (name.equals(Trimming.ALARM)) {
      owner.trim();
    } else if (name.equals(Outbox.ALARM)) {
      mail.ring();
    } else if (name.equals(Records.ALARM)) {
      records.ring().forEach((owner, asks) -> asks.forEach(steps -> mail.ask(owner, steps)));
    } else {
      throw new IllegalArgumentException("not an alarm of sagas: '" + name + "'");
    }
  }

  @Override
  public void onMessage(RoomId from, byte[] message) throws Exception {
    take(
        from,
        message,
        (letter, number, again) -> {
          switch (letter) {
            case Letter.Command(var command) -> attendance.take(from, command, number, again);
            case Letter.Reply(String saga, var reply) -> {
              owner.answered(saga, reply);
              strikes.clear(room.id(), answerTo(saga));
            }
            case Letter.Answer(var command, var reply) -> owner.called(command, reply);
            case Letter.Nothing() -> {}
          }
        });
  }

  private void take(RoomId from, byte[] message, Mail.Reader reader) throws Exception {
    Envelope envelope = Envelope.read(message);
    if (envelope.isNote()) {
      reader.read(Letter.read(envelope.letter()), 0, false);
      return;
    }
    if (!envelope.asks().isEmpty() && envelope.isEmpty()) {
      List<StepName> ended = endings.ended(envelope.asks());
      if (!ended.isEmpty()) {
        mail.tell(from, ended);
      }
    } else if (!envelope.asks().isEmpty()) {
      endings.asked(from, envelope.asks());
    }
    Lane lane = mail.take(from, envelope, reader);
    if (!envelope.ended().isEmpty() && lane.taken() >= envelope.behind()) {
      if (envelope.isEmpty()) {
        records.forgetAsked(from, envelope.ended());
      } else {
        records.forget(from, envelope.ended());
      }
    }
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
    take(
        from,
        message,
        (letter, number, again) -> {
          switch (letter) {
            case Letter.Command(var command) -> {
              if (!again) {
                attendance.failed(from, command, number, failure);
              }
            }
            // The guard of its step has the command sent again, and its answer comes again.
            case Letter.Reply _ -> {}
            // Nobody keeps it: once more, or the call is made again.
            case Letter.Answer(var command, var reply) -> owner.called(command, reply);
            case Letter.Nothing() -> {}
          }
        });
  }
}
