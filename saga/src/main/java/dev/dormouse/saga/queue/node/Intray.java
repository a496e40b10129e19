package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.QueueConsumer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A room that is brought messages: has its handler take those that are new, and answers the group.
///
/// What the handler acknowledges is noted in a row of the room's, in the turn that acknowledges: a
/// message that comes again although it was, since its answer or its group's turn was lost, is
/// answered and not handled.
final class Intray {
  private static final String HANDLED = "handled/";

  private final FacilityRoom room;
  private final Execution execution;

  /// What a handler of this incarnation has and has not answered: it may wait, and its lease run
  /// out. Guarded by the room's turns.
  private final Set<String> inHand = new HashSet<>();

  Intray(FacilityRoom room, Execution execution) {
    this.room = room;
    this.execution = execution;
  }

  void take(RoomId group, Note.Deliver deliver) throws Exception {
    forget(deliver);
    Handled handled = handled(deliver);
    List<Note.Answer> answers = new ArrayList<>();
    List<Note.Handed> fresh = new ArrayList<>();
    for (Note.Handed each : deliver.messages()) {
      if (handled.contains(each.message().key())) {
        answers.add(acked(each));
      } else if (!inHand.contains(mark(deliver, each))) {
        fresh.add(each);
      }
    }
    if (!fresh.isEmpty()) {
      if (room.room() instanceof QueueConsumer consumer) {
        answers.addAll(handle(consumer, deliver, fresh));
      } else {
        String why = room.id() + " takes no messages: its class is no QueueConsumer";
        fresh.forEach(each -> answers.add(again(each, 0, why)));
      }
    }
    answer(group, answers);
  }

  private List<Note.Answer> handle(
      QueueConsumer consumer, Note.Deliver deliver, List<Note.Handed> fresh) throws Exception {
    InHand batch = new InHand(deliver, fresh, room.codec(), each -> note(deliver, List.of(each)));
    List<String> marks = fresh.stream().map(each -> mark(deliver, each)).toList();
    inHand.addAll(marks);
    try {
      consumer.onMessages(batch);
      execution.failpoint(QueueFailpoints.HANDLED);
    } catch (RoomException.RoomReset over) {
      throw over;
    } catch (Refusal no) {
      // As one that is not retryable, so that the part is told at once; the instance is kept.
      throw no.retryable() ? refused(no) : no;
    } catch (RoomException failure) {
      throw new IllegalStateException(String.valueOf(failure.getMessage()), failure);
    } finally {
      marks.forEach(inHand::remove);
    }
    List<Note.Answer> answers = batch.end();
    note(deliver, batch.acked());
    return answers;
  }

  private static Refusal refused(Refusal no) {
    Refusal said = new Refusal.Refused(409, String.valueOf(no.getMessage()));
    said.initCause(no);
    return said;
  }

  /// The handler threw, and this is a turn of its own: all is tried again that no turn before has
  /// acknowledged.
  void failed(RoomId group, Note.Deliver deliver, Throwable failure) {
    Handled handled = handled(deliver);
    String message = failure.getMessage();
    String why = message != null ? message : failure.getClass().getName();
    List<Note.Answer> answers = new ArrayList<>();
    for (Note.Handed each : deliver.messages()) {
      answers.add(handled.contains(each.message().key()) ? acked(each) : again(each, 0, why));
    }
    answer(group, answers);
  }

  private void answer(RoomId group, List<Note.Answer> answers) {
    if (!answers.isEmpty()) {
      byte[] note = new Note.Answered(answers).bytes();
      room.whenDurable(() -> {
        var _ = room.post(group, note);
      });
    }
  }

  private static Note.Answer acked(Note.Handed handed) {
    return new Note.Answer(handed.lease(), handed.message().key(), true, 0, "");
  }

  static Note.Answer again(Note.Handed handed, long delay, String why) {
    return new Note.Answer(handed.lease(), handed.message().key(), false, delay, InHand.cut(why));
  }

  // ---- rows

  private static String mark(Note.Deliver deliver, Note.Handed handed) {
    return deliver.queue() + "/" + deliver.group() + "/" + handed.message().key();
  }

  private static String row(Note.Deliver deliver) {
    return HANDLED + deliver.queue() + "/" + deliver.group();
  }

  private Handled handled(Note.Deliver deliver) {
    return room.get(row(deliver)).map(Handled::read).orElseGet(Handled::new);
  }

  private void forget(Note.Deliver deliver) {
    Handled handled = handled(deliver);
    if (handled.forget(deliver.settled(), deliver.lowWater())) {
      if (handled.isEmpty()) {
        room.delete(row(deliver));
      } else {
        room.put(row(deliver), handled.bytes());
      }
    }
  }

  /// These are acknowledged, in the turn at hand. The row is read anew each time, for other batches
  /// may have come in while a handler waited.
  private void note(Note.Deliver deliver, List<Note.Handed> acked) {
    if (acked.isEmpty()) {
      return;
    }
    Handled handled = handled(deliver);
    acked.forEach(each -> handled.add(each.message().key(), each.position()));
    room.put(row(deliver), handled.bytes());
  }
}
