package dev.dormouse.rooms.bench;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.room.Upgrade;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.SagaOwner;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.StepCommand;
import org.jspecify.annotations.Nullable;

/// A room whose sagas are measured: owns them, takes part in those of others, and counts both.
///
/// Texts: `run <saga> <a> <b> <c> <ok|no>` starts one saga, whose end every connection is told as
/// `<saga> <status>`; `wait <from> <to> <rooms>` starts those of the numbers from `from` until
/// before `to` in one turn, each with a step for the room `wait-<number mod rooms>`; so does `due
/// <from> <to> <rooms> <seconds>`, whose sagas go back when the time is over; `answer` lets what
/// waits in this room be done, and is answered with how many that were.
final class SagaRoom implements Room, Participant, SagaOwner {
  static final String ADD = "add";
  static final String REMOVE = "remove";
  static final String STAY = "stay";

  private static final String WAITING = "waiting/";

  private final RoomContext context;

  SagaRoom(RoomContext context) {
    this.context = context;
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    String[] words = message instanceof Message.Text text ? text.text().split(" ", -1) : none();
    switch (words[0]) {
      case "run" ->
          sagas()
              .start(
                  SagaBench.RUN,
                  words[1],
                  new SagaBench.Trip(words[2], words[3], words[4], words[5].equals("no")));
      case "wait" -> start(SagaBench.WAIT, words, connection);
      case "due" -> start(SagaBench.DUE + words[4], words, connection);
      case "answer" -> connection.send("answer " + answerAll());
      default -> connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
    }
  }

  private static String[] none() {
    return new String[] {""};
  }

  private Sagas sagas() {
    return context.facility(Sagas.class);
  }

  private void start(String definition, String[] words, Connection connection) {
    int end = Integer.parseInt(words[2]);
    int rooms = Integer.parseInt(words[3]);
    for (int i = Integer.parseInt(words[1]); i < end; i++) {
      sagas().start(definition, "s" + i, new SagaBench.Stay(words[0] + "-" + i % rooms));
    }
    connection.send(words[0]);
  }

  private int answerAll() {
    int answered = 0;
    for (Storage.Entry waiting : context.storage().list(KeyRange.prefixed(WAITING))) {
      if (sagas().answer(waiting.text(), null)) {
        answered++;
        count("done");
      }
      context.storage().delete(waiting.key());
    }
    return answered;
  }

  // ---- as an owner

  @Override
  public void onSaga(SagaNews news) {
    if (news.status().ended()) {
      count(news.status().name());
      context.connections().broadcast(Message.of(news.saga() + " " + news.status()));
    }
  }

  // ---- as a participant

  @Override
  public @Nullable Object onCommand(StepCommand command) {
    return switch (command.operation()) {
      case ADD -> add(command.payload(SagaBench.Ask.class).refused());
      case REMOVE -> {
        context.storage().delete(WAITING + command.owner().hex() + command.sagaId());
        yield count("undone");
      }
      case STAY -> {
        context
            .storage()
            .putText(WAITING + command.owner().hex() + command.sagaId(), command.token());
        yield LATER;
      }
      default -> throw new Refusal.NotFound("there is no operation " + command.operation());
    };
  }

  private long add(boolean refused) {
    if (refused) {
      throw new Refusal.Refused(409, "asked to refuse");
    }
    return count("done");
  }

  private long count(String what) {
    long next = counted(what) + 1;
    context.storage().putText(what, Long.toString(next));
    return next;
  }

  private long counted(String what) {
    return context.storage().getText(what).map(Long::parseLong).orElse(0L);
  }

  /// How often it has done and undone a step, how many wait, and how many sagas of its own ended in
  /// which way.
  @Override
  public HttpReply onRequest(HttpCall call) {
    return HttpReply.json(
        200,
        """
        {"done":%d,"undone":%d,"waiting":%d,"completed":%d,"compensated":%d}\
        """
            .formatted(
                counted("done"),
                counted("undone"),
                context.storage().list(KeyRange.prefixed(WAITING)).size(),
                counted(SagaStatus.COMPLETED.name()),
                counted(SagaStatus.COMPENSATED.name())));
  }
}
