package dev.dormouse.rooms.chat;

import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
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
import dev.dormouse.rooms.chat.Frame.Member;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A conversation. Whoever has joined under a name hears everything, each message once, in the
/// order of its offsets, once it is kept.
///
/// The room has no fields that could be lost: what was said is in its storage, and who a connection
/// is, in its attachment. Those who have joined carry the tag `in`.
///
/// Who may only read joins too, to hear what is said; but without a name, so that nobody sees it
/// come and go, and it says nothing.
final class ChatRoom implements Room {
  private static final String IN = "in";

  /// Comings and goings are told only while no more than these are there; a list shows as many.
  private static final int SHOWN = 200;

  private final RoomContext context;
  private final ChatLog log;

  ChatRoom(RoomContext context) {
    this.context = context;
    this.log = new ChatLog(context);
  }

  @Override
  public void onStart(StartCause cause) {
    log.open();
    if (cause == StartCause.RESET) {
      ChatLog.Head head = log.head();
      tell(new Frame.Restarted(head.epoch(), head.top()));
    }
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    switch (message) {
      case Message.Binary _ -> connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
      case Message.Text(byte[] bytes) -> {
        @Nullable String id = null;
        try {
          Said.Raw raw = Said.raw(bytes);
          id = raw.id();
          said(connection, Said.parse(raw));
        } catch (BadJsonException e) {
          wrong(connection, "bad-frame", String.valueOf(e.getMessage()), id);
        }
      }
    }
  }

  private static void wrong(
      Connection connection, String code, String message, @Nullable String id) {
    connection.send(new Frame.Wrong(code, message, id).framed());
  }

  private void said(Connection connection, Said said) {
    switch (said) {
      case Said.Join join -> join(connection, join);
      case Said.Post post -> post(connection, post);
      case Said.History(Said.Span span, int limit) ->
          connection.send(history(span, limit).framed());
      case Said.Who _ -> connection.send(new Frame.Present(members(), count()).framed());
    }
  }

  // ---- coming and going

  private void join(Connection connection, Said.Join join) {
    boolean speaks = connection.access().covers(Access.WRITE);
    boolean first = speaks && name(connection).isEmpty();
    if (speaks) {
      connection.attach(join.name().getBytes(StandardCharsets.UTF_8));
    }
    connection.tags(Set.of(IN));
    Said.Place place = join.place();
    boolean complete = place != null && log.isComplete(place);
    List<Line> lines =
        place != null && complete
            ? log.read(new Said.Span.After(place.offset()), ChatLog.KEPT)
            : log.read(new Said.Span.Before(Long.MAX_VALUE), Said.USUAL_PAGE);
    ChatLog.Head head = log.head();
    connection.send(
        new Frame.Joined(
                connection.key(),
                join.name(),
                head.epoch(),
                head.top(),
                complete,
                lines,
                members(),
                count())
            .framed());
    if (first && count() <= SHOWN) {
      tell(new Frame.Entered(new Member(connection.key(), join.name())), connection);
    }
  }

  @Override
  public void onClose(Connection connection, CloseStatus status) {
    name(connection)
        .filter(_ -> count() <= SHOWN)
        .ifPresent(name -> tell(new Frame.Left(new Member(connection.key(), name)), connection));
  }

  private static Optional<String> name(Connection connection) {
    return Optional.of(new String(connection.attachment(), StandardCharsets.UTF_8))
        .filter(name -> !name.isEmpty());
  }

  private int count() {
    return (int) context.connections().stream(IN).count();
  }

  private List<Member> members() {
    return context.connections().stream(IN)
        .filter(each -> name(each).isPresent())
        .limit(SHOWN)
        .map(each -> new Member(each.key(), name(each).orElseThrow()))
        .toList();
  }

  private void tell(Frame frame, Connection... except) {
    context.connections().broadcastTo(IN, frame.framed(), except);
  }

  // ---- talking

  private void post(Connection connection, Said.Post post) {
    if (!connection.access().covers(Access.WRITE)) {
      wrong(connection, "read-only", "this connection may only read", post.id());
      return;
    }
    Optional<String> name = name(connection);
    if (name.isEmpty()) {
      wrong(connection, "join-first", "join before you post", post.id());
      return;
    }
    try {
      ChatLog.Stored stored = post(name.get(), post);
      connection.send(new Frame.Posted(post.id(), stored.line().offset(), stored.again()).framed());
    } catch (Refusal.StorageFull full) {
      wrong(
          connection,
          "storage-full",
          "the disk is full: nothing can be said at present",
          post.id());
    } catch (Refusal.RoomFull full) {
      wrong(connection, "room-full", "this room has as much as it may keep", post.id());
    }
  }

  private ChatLog.Stored post(String name, Said.Post post) {
    ChatLog.Stored stored = log.post(name, post.text(), Optional.ofNullable(post.id()));
    if (!stored.again()) {
      tell(new Frame.Told(stored.epoch(), stored.line()));
    }
    return stored;
  }

  private Frame.History history(Said.Span span, int limit) {
    ChatLog.Head head = log.head();
    List<Line> lines = log.read(span, limit);
    boolean more =
        !lines.isEmpty()
            && switch (span) {
              case Said.Span.After _ -> lines.getLast().offset() < head.top();
              case Said.Span.Before _ -> lines.getFirst().offset() > head.oldest();
            };
    return new Frame.History(head.epoch(), head.top(), head.oldest(), lines, more);
  }

  @Override
  public void onAlarm(Alarm alarm) {
    log.forgetOld();
  }

  // ---- HTTP

  /// What a conversation's address answers.
  record Summary(String epoch, long offset, long oldest, int present) {}

  @Override
  public HttpReply onRequest(HttpCall call) {
    try {
      return switch (call.method() + " /" + call.path()) {
        case "GET /" -> summary();
        case "GET /messages" ->
            HttpReply.json(200, Json.write(history(span(call), Said.limit(number(call, "limit")))));
        case "POST /messages" -> post(call);
        default ->
            switch (call.path()) {
              case "" -> notAllowed("GET");
              case "messages" -> notAllowed("GET, POST");
              default ->
                  throw new Refusal.NotFound(
                      "a conversation has '/' and '/-/messages', not '" + call.path() + "'");
            };
      };
    } catch (BadJsonException e) {
      throw new Refusal.Refused(400, String.valueOf(e.getMessage()));
    }
  }

  private static HttpReply notAllowed(String allowed) {
    return HttpReply.text(405, "allowed here: " + allowed).header("allow", allowed);
  }

  private HttpReply summary() {
    ChatLog.Head head = log.head();
    return HttpReply.json(
            200, Json.write(new Summary(head.epoch(), head.top(), head.oldest(), count())))
        .version(context.storage().version());
  }

  private static Said.Span span(HttpCall call) throws BadJsonException {
    Long after = number(call, "after");
    Long before = number(call, "before");
    return after == null && before == null
        ? new Said.Span.Before(Long.MAX_VALUE)
        : Said.span(after, before);
  }

  private static @Nullable Long number(HttpCall call, String name) throws BadJsonException {
    String text = call.parameter(name).orElse(null);
    if (text == null) {
      return null;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new BadJsonException("'" + name + "' is a number");
    }
    return Long.parseLong(text);
  }

  private HttpReply post(HttpCall call) throws BadJsonException {
    Said.Raw raw = Said.raw(call.body());
    ChatLog.Stored stored = post(Said.name(raw.name()), Said.post(raw));
    return HttpReply.json(
        stored.again() ? 200 : 201,
        Json.write(new Frame.Posted(stored.line().id(), stored.line().offset(), stored.again())));
  }
}
