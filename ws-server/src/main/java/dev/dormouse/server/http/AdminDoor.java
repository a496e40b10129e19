package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.RoomReport;
import dev.dormouse.server.admin.Inspector;
import dev.dormouse.server.admin.Offices;
import dev.dormouse.server.admin.Verb;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The admin port: the inspector for programs, as JSON, and a page for people, which asks the same.
/// `docs/admin.md` describes it.
///
/// Who may ask is decided on the thread that read the request; the answer is found and written on a
/// thread of its own, since it waits for storage.
public final class AdminDoor implements Request.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(AdminDoor.class);

  private static final int ACTOR_CHARS = 100;

  private final Trust trust = Trust.ownPagesOnly();
  private final Offices offices;
  private final Inspector inspector;
  private final AdminSagas sagas;
  private final AdminQueues queues;
  private final AdminBackups backups;
  private final AdminRows rows;
  private final AdminGuests guests;
  private final AdminSql sql;
  private final AdminQuery queries;
  private final AdminPages pages = new AdminPages();
  private final BooleanSupplier stopping;
  private final Execution execution;

  /// @param offices whom it asks
  /// @param stopping whether the server stops, so that rooms are left alone (H5)
  public AdminDoor(Offices offices, Rooms rooms, BooleanSupplier stopping, Execution execution) {
    this.offices = offices;
    this.inspector = offices.rooms();
    this.sagas = new AdminSagas(offices.sagas());
    this.queues = new AdminQueues(offices.queues());
    this.queries = new AdminQuery(rooms, inspector.names());
    this.backups = new AdminBackups(offices.backups());
    this.rows = new AdminRows(offices.desk(), rooms);
    this.guests = new AdminGuests(offices.guests());
    this.sql = new AdminSql(rooms);
    this.stopping = stopping;
    this.execution = execution;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Answer answer = new Answer(request, response, callback);
    answering(
        answer,
        () -> {
          trust.checkHost(request);
          if (!isReading(request)) {
            trust.checkOrigin(request);
          }
          execution.start("admin", () -> answering(answer, () -> answer(answer)));
        });
    return true;
  }

  /// Whether a request asks for one of the page's files, which tell nothing.
  boolean isPage(Request request) {
    return isReading(request) && pages.has(FrontDoor.path(request));
  }

  private interface Work {
    void run() throws IOException, TimeoutException, InterruptedException;
  }

  /// Runs `work`; whatever comes of it, the request is answered.
  private static void answering(Answer answer, Work work) {
    try {
      work.run();
    } catch (Problem.Found found) {
      answer.problem(found.problem());
    } catch (RoomException e) {
      answer.problem(Problem.of(e, null));
    } catch (TimeoutException e) {
      answer.problem(
          Problem.of(new RoomException.CallTimeout(String.valueOf(e.getMessage())), null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.problem(Problem.of(503, "server-error", "the answer was interrupted"));
    } catch (IOException e) {
      answer.problem(Problem.of(503, "server-error", String.valueOf(e.getMessage())));
    } catch (RuntimeException | Error e) {
      Request request = answer.request();
      LOG.error("an admin request failed: {} {}", request.getMethod(), FrontDoor.path(request), e);
      answer.problem(Problem.of(500, "server-error", "the server failed; its log says how"));
    }
  }

  private static boolean isReading(Request request) {
    return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
  }

  private void answer(Answer answer) throws IOException, TimeoutException, InterruptedException {
    Request request = answer.request();
    switch (AdminAddress.of(FrontDoor.path(request), !isReading(request))) {
      case AdminAddress.Overview _ -> {
        nothingButReading(request);
        answer.json(200, OverviewJson.of(offices));
      }
      case AdminAddress.Namespaces _ -> {
        nothingButReading(request);
        answer.json(200, AdminJson.namespaces(inspector.namespaces()));
      }
      case AdminAddress.Definitions _ -> {
        nothingButReading(request);
        answer.json(200, DefinitionJson.all(offices.sagas().definitions()));
      }
      case AdminAddress.Rooms _ -> {
        FrontDoor.reading(request);
        answer.json(200, AdminJson.page(inspector.rooms(queries.list(request))));
      }
      case AdminAddress.OfRoom(String namespace, var name, AdminAddress.Wish wish) -> {
        checkMethod(request, wish == AdminAddress.Wish.LOOK);
        Parameters given = Parameters.of(request, known(wish, name == null));
        room(answer, queries.room(namespace, name, given), wish, actor(given));
      }
      case AdminAddress.Sagas _ -> answer.json(200, sagas.list(request));
      case AdminAddress.OfSaga(String namespace, var name, String saga, var verb) -> {
        checkMethod(request, verb.isEmpty());
        saga(answer, queries.room(request, namespace, name), saga, verb);
      }
      case AdminAddress.Queues _ -> answer.json(200, queues.list(request));
      case AdminAddress.OfQueue(String queue) -> answer.json(200, queues.queue(request, queue));
      case AdminAddress.OfLog(String queue) -> answer.json(200, queues.log(request, queue));
      case AdminAddress.OfGroup group -> {
        checkMethod(request, group.wish().reading());
        if (!group.wish().reading()) {
          goingAway("the queue '" + group.queue() + "'", null);
        }
        answer.json(200, queues.group(request, group));
      }
      case AdminAddress.Backups _ -> {
        Parameters.of(request, Set.of());
        if (isReading(request)) {
          answer.json(200, backups.state());
        } else {
          checkMethod(request, false);
          backups.begin(answer);
        }
      }
      case AdminAddress.OfKeys(String namespace, var name) -> part(answer, namespace, name, rows);
      case AdminAddress.OfGuests(String namespace, var name) ->
          part(answer, namespace, name, guests);
      case AdminAddress.OfSql(String namespace, var name) -> sql(answer, namespace, name);
      case AdminAddress.OfPage(String path) -> pages.serve(answer, path);
    }
  }

  private void part(Answer answer, String namespace, @Nullable String name, AdminPart part)
      throws IOException, TimeoutException, InterruptedException {
    Request request = answer.request();
    boolean reading = isReading(request);
    checkMethod(request, reading);
    Parameters given = Parameters.of(request, reading ? part.looking() : part.changing());
    RoomId room = queries.room(namespace, name, given);
    if (reading) {
      answer.json(200, part.look(room, given));
      return;
    }
    goingAway(room.toString(), room);
    answer.json(200, part.change(request, room, given));
  }

  private void sql(Answer answer, String namespace, @Nullable String name)
      throws IOException, TimeoutException, InterruptedException {
    Request request = answer.request();
    checkMethod(request, false);
    RoomId asked = queries.room(namespace, name, Parameters.of(request, AdminSql.KNOWN));
    AdminSql.Wanted wanted = sql.wanted(request, asked);
    RoomId room = there(asked).room();
    goingAway(room.toString(), room);
    try {
      answer.json(200, sql.run(room, wanted));
    } catch (RoomException e) {
      throw Problem.of(e, room).found();
    }
  }

  /// A room that there is.
  ///
  /// @throws Problem.Found with 404
  private RoomReport there(RoomId room) throws IOException, TimeoutException, InterruptedException {
    return inspector
        .look(room)
        .orElseThrow(() ->
            Problem.of(404, "not-found", "there is no room " + room + ": nothing is stored of it")
                .at(room)
                .found());
  }

  /// The parameters that a request about a room may have.
  private static Set<String> known(AdminAddress.Wish wish, boolean byId) {
    return switch (wish) {
      // An order to abort has a body, which says who gives it.
      case LOOK, ABORT -> byId ? Set.of("id") : Set.of();
      case EVICT, WAKE -> byId ? Set.of("id", "actor") : Set.of("actor");
    };
  }

  /// Who wants something that changes nothing for good, and so need not say so.
  private static String actor(Parameters given) {
    String actor = given.text("actor").orElse("somebody");
    if (actor.length() > ACTOR_CHARS || actor.chars().anyMatch(Character::isISOControl)) {
      throw Parameters.bad("'actor' says who does it, in up to " + ACTOR_CHARS + " characters");
    }
    return actor;
  }

  private static void nothingButReading(Request request) {
    FrontDoor.reading(request);
    Parameters.of(request, Set.of());
  }

  private static void checkMethod(Request request, boolean looking) {
    if (looking ? !isReading(request) : !request.getMethod().equals("POST")) {
      throw FrontDoor.notAllowed(request.getMethod(), looking ? "GET, HEAD" : "POST");
    }
  }

  private void saga(Answer answer, RoomId asked, String saga, Optional<Verb> verb)
      throws IOException, TimeoutException, InterruptedException {
    // With its name, if it was asked for by its id.
    RoomId room = inspector.look(asked).map(RoomReport::room).orElse(asked);
    if (verb.isEmpty()) {
      answer.json(200, sagas.look(room, saga));
      return;
    }
    goingAway(room.toString(), room);
    try {
      answer.json(200, sagas.give(answer.request(), room, saga, verb.get()));
    } catch (RoomException e) {
      throw Problem.of(e, room).found();
    }
  }

  private void room(Answer answer, RoomId room, AdminAddress.Wish wish, String actor)
      throws IOException, TimeoutException, InterruptedException {
    RoomReport report = there(room);
    switch (wish) {
      case LOOK -> answer.json(200, AdminJson.report(report, sql.has(room)));
      case EVICT -> {
        goingAway(room.toString(), room);
        evict(answer, report.room(), actor);
      }
      case WAKE -> {
        goingAway(room.toString(), room);
        inspector.wake(report.room());
        LOG.info("{} woke {}", actor, report.room());
        answer.json(200, AdminJson.done(report.room(), "awake"));
      }
      case ABORT -> {
        goingAway(room.toString(), room);
        abort(answer, report.room());
      }
    }
  }

  private void goingAway(String whom, @Nullable RoomId room) {
    if (stopping.getAsBoolean()) {
      throw Problem.of(
              new RoomException.GoingAway("the server is stopping; " + whom + " is left alone"),
              room)
          .found();
    }
  }

  private void abort(Answer answer, RoomId room) {
    OrderBody body = OrderBody.of(answer.request(), Set.of("actor", "reason"));
    String actor = body.actor();
    String reason = body.optional("reason");
    boolean lived = inspector.abort(room, reason.isEmpty() ? "by an operator" : reason);
    LOG.warn("{} aborted {}, which {}: {}", actor, room, lived ? "lived" : "did not live", reason);
    ObjectNode json = Problem.JSON.createObjectNode();
    AdminJson.identity(json, room);
    answer.json(200, json.put("aborted", lived));
  }

  private void evict(Answer answer, RoomId room, String actor)
      throws IOException, TimeoutException, InterruptedException {
    List<KeptAwake> reasons = inspector.evict(room);
    if (reasons.isEmpty()) {
      LOG.info("{} put {} to sleep", actor, room);
      answer.json(200, AdminJson.done(room, "asleep"));
      return;
    }
    String why = reasons.stream().map(KeptAwake::words).collect(Collectors.joining("; "));
    ObjectNode refusal =
        Problem.of(409, "kept-awake", room + " cannot sleep now: " + why).at(room).json();
    refusal.put("retryable", true);
    AdminJson.keptAwake(refusal, reasons);
    answer.json(409, refusal);
  }
}
