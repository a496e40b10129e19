package dev.dormouse.server.http;

import dev.dormouse.hibernation.Exchange;
import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.hibernation.Stay;
import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Identity;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Upgrade;
import dev.dormouse.room.spi.Event;
import dev.dormouse.server.access.Credentials;
import dev.dormouse.server.access.Denial;
import dev.dormouse.server.access.Gate;
import dev.dormouse.server.access.Holders;
import dev.dormouse.server.access.Person;
import dev.dormouse.server.jetty.Beginning;
import dev.dormouse.server.jetty.Handshake;
import dev.dormouse.server.jetty.Subjects;
import dev.dormouse.server.limits.Guest;
import dev.dormouse.server.limits.Users;
import java.net.InetAddress;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A WebSocket's handshake, step by step. Each step goes on to the next or ends it with an answer;
/// whatever is dear, a room's waking above all, comes after what is cheap.
///
/// | step | ends it with |
/// |---|---|
/// | [#enter]: is it a page that may, is it a handshake, is there such a room | 403, 400, 426, 404 |
/// | whose token is it ([Doorkeeper]) | 401, 503 |
/// | [#admit]: may he, and have he and his address fewer connections than they may | 401, 403, 429 |
/// | [#ask]: does the room let him in | whatever the room says |
/// | [Knocking]: the socket becomes a connection | |
///
/// Who is not let in for want of a token or a grant gets a close frame instead, where the namespace
/// says so ([Namespace.Entry]).
public final class Threshold {
  private static final Logger LOG = LoggerFactory.getLogger(Threshold.class);

  private final Trust trust;
  private final RoomDoor rooms;
  private final Doorkeeper doorkeeper;
  private final Holders holders;
  private final Users users;
  private final SocketTable sockets;
  private final Handshake handshake;

  /// @param trust whose pages may connect
  /// @param rooms finds rooms
  public Threshold(
      Trust trust,
      RoomDoor rooms,
      Doorkeeper doorkeeper,
      Holders holders,
      Users users,
      SocketTable sockets,
      Handshake handshake) {
    this.trust = trust;
    this.rooms = rooms;
    this.doorkeeper = doorkeeper;
    this.holders = holders;
    this.users = users;
    this.sockets = sockets;
    this.handshake = handshake;
  }

  /// One client and what it wants.
  private record Visit(Answer answer, Namespace namespace, String name, RoomId room, Seen seen) {}

  /// Takes a client's handshake; answers it now or later.
  ///
  /// @throws Problem.Found if it is not well formed, or not to be answered
  void enter(Answer answer, String namespace, String name) {
    Request request = answer.request();
    trust.checkOrigin(request);
    RoomId room = rooms.room(namespace, name);
    checkForm(request, room);
    Visit visit =
        new Visit(
            answer,
            rooms.namespace(namespace),
            name,
            room,
            Seen.of(request, doorkeeper.gate().asks()));
    doorkeeper.identify(
        answer,
        visit.seen.credentials(),
        person -> admit(visit, person),
        no -> turnAway(visit, no));
  }

  private static void checkForm(Request request, RoomId room) {
    Optional<String> fault = Handshake.fault(request);
    if (fault.isPresent()) {
      throw Problem.of(400, "bad-handshake", fault.get()).at(room).found();
    }
    if (!Handshake.versionKnown(request)) {
      throw Problem.of(426, "bad-handshake", "this server speaks WebSocket version 13")
          .at(room)
          .with("sec-websocket-version", "13")
          .found();
    }
  }

  private void admit(Visit visit, Person person) throws Denial.Found {
    Identity identity = doorkeeper.gate().admit(person, visit.namespace, visit.name, Access.READ);
    Stay stay = holders.stay(identity);
    if (!hasPlace(visit.answer.request())) {
      visit.answer.problem(Problem.tooManyOfAddress().at(visit.room));
    } else if (users.hasPlace(stay.holder())) {
      ask(visit, identity, stay);
    } else {
      // Before a room is woken. Those who come at once are counted once more at the end.
      visit.answer.problem(Problem.tooManyOfUser().at(visit.room));
    }
  }

  /// Whether the client of a proxy has a place at its own address; then it is counted there. Who
  /// comes without a proxy has been counted when he came.
  private static boolean hasPlace(Request request) {
    Optional<InetAddress> client = Forwarded.client(request);
    Guest guest = Handshake.guest(request.getConnectionMetaData().getConnection().getEndPoint());
    return client.isEmpty() || guest == null || guest.speaksFor(client.get());
  }

  private void ask(Visit visit, Identity identity, Stay stay) {
    if (identity.subject() != null) {
      visit.answer.request().setAttribute(Subjects.SUBJECT, identity.subject());
    }
    Upgrade upgrade =
        new Upgrade(
            visit.seen.query(),
            visit.seen.headers(),
            visit.seen.protocols(),
            Request.getRemoteAddr(visit.answer.request()),
            identity);
    sockets.ask(
        visit.room,
        new Knocking(visit, identity, stay),
        number -> new Event.Connect(number, upgrade));
  }

  /// Tells a client that it may not connect.
  private void turnAway(Visit visit, Denial.Found no) {
    CloseStatus status = Gate.closing(no.denial());
    if (status == null || !visit.namespace.entry().refusesByClosing()) {
      visit.answer.problem(Problem.of(no).at(visit.room));
    } else {
      // Whatever it offered first: browsers break off if none is chosen.
      String protocol = visit.seen.plain() ? Credentials.PLAIN : first(visit.seen);
      complete(visit.answer, new Beginning.TurnedAway(status, protocol));
    }
  }

  private static @Nullable String first(Seen seen) {
    return seen.protocols().isEmpty() ? null : seen.protocols().getFirst();
  }

  private void complete(Answer answer, Beginning beginning) {
    try {
      handshake.complete(answer.request(), answer.response(), answer.callback(), beginning);
    } catch (RuntimeException e) {
      answer.callback().failed(e);
    }
  }

  /// A client that waits for its room's word.
  private final class Knocking implements Exchange {
    private final Visit visit;
    private final Identity identity;
    private final Stay stay;

    Knocking(Visit visit, Identity identity, Stay stay) {
      this.stay = stay;
      this.visit = visit;
      this.identity = identity;
    }

    @Override
    public void admit(Admission admission) {
      switch (admission) {
        case Admission.Refused(int status, String reason) ->
            visit.answer.problem(Problem.of(status, "refused", reason).at(visit.room));
        case Admission.Accepted accepted -> {
          Optional<String> chosen = accepted.protocol();
          if (chosen.isPresent() && !visit.seen.protocols().contains(chosen.get())) {
            LOG.atError()
                .addKeyValue("room", visit.room)
                .log("the room chose the sub-protocol '{}', which was not offered", chosen.get());
            visit.answer.problem(
                Problem.of(
                        500, "server-error", "the room chose a sub-protocol that was not offered")
                    .at(visit.room));
            return;
          }
          String plain = visit.seen.plain() ? Credentials.PLAIN : null;
          Beginning beginning =
              new Beginning.Admitted(
                  visit.room,
                  visit.namespace.limits().messageBytes(),
                  spoken(accepted).atMost(identity.access()),
                  stay,
                  spoken(accepted).protocol().orElse(plain));
          // Not here, among the room's other effects: opening the socket posts an event.
          visit
              .answer
              .request()
              .getComponents()
              .getExecutor()
              .execute(() -> complete(visit.answer, beginning));
        }
      }
    }

    /// What is said of refusals does not hang on what a room speaks: who offers to hear it does,
    /// where the room chooses nothing.
    private Admission.Accepted spoken(Admission.Accepted accepted) {
      boolean platform =
          accepted.protocol().isEmpty()
              && visit.seen.protocols().contains(SocketTable.PLATFORM_PROTOCOL);
      return platform ? accepted.speaking(SocketTable.PLATFORM_PROTOCOL) : accepted;
    }

    @Override
    public void reply(HttpReply reply) {
      throw new IllegalStateException("an upgrade is not answered with a reply");
    }

    @Override
    public void decline(RoomException error) {
      visit.answer.problem(Problem.of(error, visit.room));
    }
  }
}
