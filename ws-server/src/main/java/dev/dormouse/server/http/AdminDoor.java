package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.RoomReport;
import dev.dormouse.server.admin.Inspector;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The admin port: the inspector for programs and people, as JSON. `docs/admin.md` describes it.
///
/// Who may ask is decided on the thread that read the request; the answer is found and written on a
/// thread of its own, since it waits for storage.
public final class AdminDoor implements Request.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(AdminDoor.class);

  private final Trust trust = Trust.ownPagesOnly();
  private final Inspector inspector;
  private final AdminQuery queries;
  private final BooleanSupplier stopping;
  private final Execution execution;

  /// @param stopping whether the server stops, so that rooms are left alone (H5)
  public AdminDoor(
      Inspector inspector, Rooms rooms, BooleanSupplier stopping, Execution execution) {
    this.inspector = inspector;
    this.queries = new AdminQuery(rooms, inspector.names());
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

  private interface Work {
    void run() throws IOException, TimeoutException, InterruptedException;
  }

  /// Runs `work`; whatever comes of it, the request is answered.
  private static void answering(Answer answer, Work work) {
    try {
      work.run();
    } catch (Problem.Found found) {
      answer.problem(found.problem());
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
      LOG.error("an admin request failed: {} {}", request.getMethod(), request.getHttpURI(), e);
      answer.problem(Problem.of(500, "server-error", "the server failed; its log says how"));
    }
  }

  private static boolean isReading(Request request) {
    return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
  }

  private void answer(Answer answer) throws IOException, TimeoutException, InterruptedException {
    Request request = answer.request();
    String path = FrontDoor.path(request);
    switch (AdminAddress.of(path, !isReading(request))) {
      case AdminAddress.Namespaces _ -> {
        FrontDoor.reading(request);
        Parameters.of(request, Set.of());
        answer.json(200, AdminJson.namespaces(inspector.namespaces()));
      }
      case AdminAddress.Rooms _ -> {
        FrontDoor.reading(request);
        answer.json(200, AdminJson.page(inspector.rooms(queries.list(request))));
      }
      case AdminAddress.OfRoom(String namespace, var name, AdminAddress.Wish wish) -> {
        checkMethod(request, wish);
        room(answer, queries.room(request, namespace, name), wish);
      }
      case AdminAddress.Nothing _ ->
          throw Problem.of(404, "not-found", "there is nothing at '" + path + "'").found();
    }
  }

  private static void checkMethod(Request request, AdminAddress.Wish wish) {
    boolean possible =
        switch (wish) {
          case LOOK -> isReading(request);
          case EVICT, WAKE -> request.getMethod().equals("POST");
        };
    if (!possible) {
      throw FrontDoor.notAllowed(request.getMethod(), wish.methods());
    }
  }

  private void room(Answer answer, RoomId room, AdminAddress.Wish wish)
      throws IOException, TimeoutException, InterruptedException {
    RoomReport report =
        inspector
            .look(room)
            .orElseThrow(() ->
                Problem.of(
                        404, "not-found", "there is no room " + room + ": nothing is stored of it")
                    .at(room)
                    .found());
    switch (wish) {
      case LOOK -> answer.json(200, AdminJson.report(report));
      case EVICT -> {
        goingAway(room);
        evict(answer, report.room());
      }
      case WAKE -> {
        goingAway(room);
        inspector.wake(report.room());
        answer.json(200, AdminJson.done(report.room(), "awake"));
      }
    }
  }

  private void goingAway(RoomId room) {
    if (stopping.getAsBoolean()) {
      throw Problem.of(
              new RoomException.GoingAway("the server is stopping; " + room + " is left alone"),
              room)
          .found();
    }
  }

  private void evict(Answer answer, RoomId room)
      throws IOException, TimeoutException, InterruptedException {
    List<KeptAwake> reasons = inspector.evict(room);
    if (reasons.isEmpty()) {
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
