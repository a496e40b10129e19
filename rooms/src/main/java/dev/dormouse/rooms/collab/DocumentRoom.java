package dev.dormouse.rooms.collab;

import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import dev.dormouse.rooms.json.Json;
import dev.dormouse.rooms.yjs.MalformedUpdateException;
import dev.dormouse.rooms.yjs.StateVector;
import dev.dormouse.rooms.yjs.YLimits;
import dev.dormouse.rooms.yjs.YMessage;
import dev.dormouse.rooms.yjs.YUpdate;
import java.util.Map;

/// One shared document. Editors tell it what they know and get what they lack; what one of them
/// changes is stored, and then told to the others, in that order.
///
/// The room never reads the document: it knows which changes there are, not what they say. Who is
/// there (names, cursors) it does not even hear, see [AwarenessDoorman]: so it has nothing to do,
/// and sleeps, while nobody writes.
final class DocumentRoom implements Room {
  private final RoomContext context;
  private final YLimits limits;
  private final Document document;
  private final Unanswered unanswered = new Unanswered();

  DocumentRoom(RoomContext context, YLimits limits) {
    this.context = context;
    this.limits = limits;
    this.document = new Document(context, limits);
  }

  @Override
  public void onStart(StartCause cause) {
    document.open();
    if (cause == StartCause.RESET) {
      // Output was discarded, so nobody knows who has heard what. An update that was lost on its
      // way to the disk comes again with its editor; one that was stored after all, but never
      // relayed, reaches the others the same way. A room that only slept had said all it had to.
      context.connections().stream()
          .forEach(connection -> connection.close(CollabClose.START_AGAIN.status()));
    }
  }

  /// Nothing is kept for a connection here, so nothing is to be done when it ends.
  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept().metBy(AwarenessDoorman.NAME).leavingQuietly();
  }

  @Override
  public void onOpen(Connection connection) {
    connection.send(new YMessage.SyncStep1(document.stateVector()).encode());
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    switch (message) {
      case Message.Text _ -> connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
      case Message.Binary(byte[] frame) when frame.length > limits.updateBytes() ->
          connection.close(CloseStatus.of(CloseCode.TOO_BIG));
      case Message.Binary(byte[] frame) -> {
        try {
          said(connection, YMessage.parse(frame, limits));
        } catch (MalformedUpdateException e) {
          connection.close(CollabClose.MALFORMED.status(String.valueOf(e.getMessage())));
        }
      }
    }
  }

  private void said(Connection connection, YMessage message) {
    switch (message) {
      case YMessage.SyncStep1(var known) -> {
        if (!mayWrite(connection) || !unanswered.waits(connection, known)) {
          answer(connection, known);
        }
      }
      case YMessage.SyncStep2(YUpdate update) -> changed(connection, update);
      case YMessage.Update(YUpdate update) -> changed(connection, update);
      // The doorman's; says nothing about the document.
      case YMessage.AwarenessMessage _, YMessage.QueryAwareness _ -> {}
      case YMessage.Auth _ ->
          connection.close(CollabClose.MALFORMED.status("only a server refuses access"));
    }
  }

  private void answer(Connection connection, StateVector known) {
    connection.send(document.answer(known));
  }

  private static boolean mayWrite(Connection connection) {
    return connection.access().covers(Access.WRITE);
  }

  /// A change by somebody who may only read is not taken, and its author is told so in the words of
  /// the protocol. What an editor sends along when it connects, though it has changed nothing, is
  /// no such change.
  private void changed(Connection connection, YUpdate update) {
    if (!mayWrite(connection)) {
      if (document.isNew(update)) {
        connection.send(new YMessage.Auth("this connection may only read").encode());
      }
      return;
    }
    switch (document.take(update)) {
      case NEW -> {
        context.connections().broadcast(relayed(update), connection);
        unanswered.stored(context.connections().stream(), this::answer);
      }
      case NOTHING_NEW -> unanswered.harmless(connection, this::answer);
      case TOO_LARGE -> connection.close(CollabClose.DOCUMENT_FULL.status());
    }
  }

  private static Message relayed(YUpdate update) {
    return Message.of(new YMessage.Update(update).encode());
  }

  /// A full disk, a full room and a server without memory refuse a message. Its change is not
  /// stored, so the connection must end: where there is space again the next one brings the change
  /// again. Editors that only read stay.
  @Override
  public void onRefused(Connection connection, Refusal refusal) {
    if (refusal instanceof Refusal.RoomFull) {
      connection.close(CollabClose.DOCUMENT_FULL.status());
      return;
    }
    unanswered.refused(connection);
    String why =
        refusal instanceof Refusal.Overloaded
            ? "the server is short of memory"
            : "the disk is full";
    connection.close(
        new CloseStatus(CloseCode.TRY_LATER.code(), "the change could not be stored: " + why));
  }

  @Override
  public HttpReply onRequest(HttpCall call) {
    return switch (call.method() + " /" + call.path()) {
      case "GET /", "HEAD /" -> HttpReply.json(200, Json.write(summary())).version(version());
      case "GET /update", "HEAD /update" ->
          HttpReply.bytes(200, "application/octet-stream", document.content().sharedBytes())
              .version(version());
      case "POST /update" -> merge(call.body());
      default ->
          switch (call.path()) {
            case "" -> notAllowed("GET, HEAD");
            case "update" -> notAllowed("GET, HEAD, POST");
            default ->
                throw new Refusal.NotFound(
                    "a document has '/' and '/-/update', not '" + call.path() + "'");
          };
    };
  }

  private static HttpReply notAllowed(String allowed) {
    return HttpReply.text(405, "allowed here: " + allowed).header("allow", allowed);
  }

  private long version() {
    return context.storage().version();
  }

  /// What a document's address answers.
  ///
  /// @param bytes of the whole document as one update
  /// @param updates how many changes were ever stored
  /// @param stateVectorBytes grows with the number of clients that ever wrote
  /// @param connections open at present
  record Summary(int bytes, long updates, int stateVectorBytes, int connections) {}

  private Summary summary() {
    return new Summary(
        document.content().size(),
        document.updates(),
        document.stateVector().encode().length,
        context.connections().count());
  }

  private HttpReply merge(byte[] body) {
    if (body.length > limits.updateBytes()) {
      throw new Refusal.TooLarge("an update has at most %,d bytes".formatted(limits.updateBytes()));
    }
    YUpdate update;
    try {
      update = YUpdate.decode(body, limits);
    } catch (MalformedUpdateException e) {
      throw new Refusal.Refused(400, "the body is no Yjs update: " + e.getMessage());
    }
    return switch (document.take(update)) {
      case NEW -> {
        context.connections().broadcast(relayed(update));
        yield HttpReply.text(201, "merged\n");
      }
      case NOTHING_NEW -> new HttpReply(204, Map.of(), new HttpReply.Bytes(new byte[0]));
      case TOO_LARGE ->
          throw new Refusal.TooLarge(
              "a document has at most %,d bytes, %,d clients and %,d ranges that do not touch"
                  .formatted(limits.documentBytes(), limits.clients(), limits.structs()));
    };
  }
}
