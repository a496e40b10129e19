package dev.dormouse.rooms.booking;

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
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.SagaOwner;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An order: a client asks for it to be booked, the room starts a saga, and everybody who is
/// connected sees how it goes.
///
/// The room does nothing else. It may sleep between two steps, and the process may end: the saga
/// goes on by itself, and wakes the room to tell what came of it.
final class BookingRoom implements Room, SagaOwner {
  private static final int SCHEMA = 1;

  /// Lines that news bring along.
  private static final int FEW = 10;

  private final RoomContext context;
  private final OrderBook book;

  BookingRoom(RoomContext context) {
    this.context = context;
    this.book = new OrderBook(context);
  }

  @Override
  public void onStart(StartCause cause) {
    if (context.storage().schema() > SCHEMA) {
      throw new IllegalStateException(
          "%s was written by a newer version (schema %d, known are those up to %d): update the server"
              .formatted(context.id(), context.storage().schema(), SCHEMA));
    }
  }

  @Override
  public void onSaga(SagaNews news) {
    book.changed(news.saga(), news.status())
        .map(booking -> new Frame.News(context.clock().millis(), booking.latest(FEW)))
        .ifPresent(frame -> context.connections().broadcast(frame.framed()));
  }

  private boolean book(Request request) {
    context.storage().schema(SCHEMA);
    return book.book(request);
  }

  private Frame.State state() {
    return new Frame.State(context.clock().millis(), book.current().orElse(null));
  }

  // ---- WebSocket

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onOpen(Connection connection) {
    connection.send(state().framed());
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    switch (message) {
      case Message.Binary _ -> connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
      case Message.Text(byte[] bytes) -> {
        try {
          said(connection, Said.of(bytes));
        } catch (BadJsonException e) {
          throw bad(e);
        }
      }
    }
  }

  private void said(Connection connection, Said said) {
    switch (said) {
      case Said.Book(Request request) -> book(request);
      case Said.Cancel(String id) -> book.cancel(id);
      case Said.Look _ -> {}
    }
    connection.send(state().framed());
  }

  @Override
  public void onRefused(Connection connection, Refusal refusal) {
    connection.send(
        new Frame.Wrong(refusal.status(), String.valueOf(refusal.getMessage())).framed());
  }

  private static Refusal.Refused bad(BadJsonException e) {
    return new Refusal.Refused(400, String.valueOf(e.getMessage()));
  }

  // ---- HTTP

  @Override
  public HttpReply onRequest(HttpCall call) {
    try {
      return switch (call.method() + " /" + call.path()) {
        case "GET /" -> said(200);
        case "POST /book" -> {
          boolean fresh = book(request(call));
          yield said(fresh ? 201 : 200);
        }
        case "POST /cancel" -> {
          book.cancel(id(call, raw(call).id()));
          yield said(200);
        }
        default ->
            switch (call.path()) {
              case "" -> notAllowed("GET");
              case "book", "cancel" -> notAllowed("POST");
              default ->
                  throw new Refusal.NotFound(
                      "an order has '/', '/-/book' and '/-/cancel', not '" + call.path() + "'");
            };
      };
    } catch (BadJsonException e) {
      throw bad(e);
    }
  }

  /// The same object as in a frame, with its `type` or without.
  private static Request.Raw raw(HttpCall call) throws BadJsonException {
    return Json.readOrder(call.body(), Said.Raw.class).request();
  }

  private static Request request(HttpCall call) throws BadJsonException {
    Request.Raw raw = raw(call);
    return Request.of(
        new Request.Raw(
            id(call, raw.id()), raw.shop(), raw.items(), raw.amount(), raw.currency(), raw.to()));
  }

  /// The field, or else the header `Idempotency-Key`, in quotes or not.
  private static String id(HttpCall call, @Nullable String field) throws BadJsonException {
    Optional<String> header =
        call.header("idempotency-key").map(text -> text.strip().replaceAll("^\"|\"$", ""));
    if (field != null && header.isPresent() && !header.get().equals(field)) {
      throw new BadJsonException("the header Idempotency-Key and the field 'id' differ");
    }
    return Request.id(field != null ? field : header.orElse(null));
  }

  private HttpReply said(int status) {
    return HttpReply.json(status, Json.write(state()));
  }

  private static HttpReply notAllowed(String allowed) {
    return HttpReply.text(405, "allowed here: " + allowed).header("allow", allowed);
  }
}
