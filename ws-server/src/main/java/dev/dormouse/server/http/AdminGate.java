package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.access.AdminToken;
import dev.dormouse.server.access.Credentials;
import dev.dormouse.server.access.Guesses;
import dev.dormouse.server.access.Sessions;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Stands before the admin port: nothing behind it is done or told without the token. Programs show
/// it with each request as `Authorization: Bearer`. The page asks for it once and gets a session:
///
/// | request | does |
/// |---|---|
/// | `POST /session` with `{"token": …}` | begins one: a cookie, and a secret for the page |
/// | `DELETE /session` | ends it |
///
/// The page's own files hold nothing and may be read by anybody who reaches the port.
public final class AdminGate implements Request.Handler {
  static final String SESSION = "/session";

  /// With what the page proves that a request is its own.
  static final String SECRET = "x-dormouse-session";

  static final String COOKIE = "dormouse-admin";

  private final Trust trust = Trust.ownPagesOnly();
  private final AdminDoor door;
  private final AdminToken token;
  private final Sessions sessions;
  private final Guesses guesses;
  private final Execution execution;

  public AdminGate(AdminDoor door, AdminToken token, Execution execution) {
    this.door = door;
    this.token = token;
    this.sessions = new Sessions(execution);
    this.guesses = new Guesses(execution);
    this.execution = execution;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Answer answer = new Answer(request, response, callback);
    try {
      trust.checkHost(request);
      String path = FrontDoor.path(request);
      String shown = bearer(request);
      if (path.equals(SESSION)) {
        trust.checkOrigin(request);
        session(answer);
      } else if (shown != null) {
        if (isRight(answer, shown)) {
          return door.handle(request, response, callback);
        }
      } else if (isInSession(request) || door.isPage(request)) {
        return door.handle(request, response, callback);
      } else {
        throw unknown("the admin token is needed here").found();
      }
    } catch (Problem.Found found) {
      answer.problem(found.problem());
    }
    return true;
  }

  private static Problem unknown(String why) {
    return Problem.of(401, "unauthorized", why)
        .with("www-authenticate", "Bearer realm=\"dormouse admin\"");
  }

  private static @Nullable String bearer(Request request) {
    return request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION).stream()
        .filter(Credentials::isBearer)
        .map(value -> value.substring("bearer ".length()).strip())
        .findFirst()
        .orElse(null);
  }

  /// Whether somebody knows the token; if not, that is answered, by and by.
  private boolean isRight(Answer answer, String shown) {
    if (guesses.mayGuess() && token.is(shown)) {
      return true;
    }
    Problem wrong = unknown("that is not the admin token");
    if (guesses.wrong(() -> execution.start("admin", () -> answer.problem(wrong))).isEmpty()) {
      answer.problem(
          Problem.of(429, "too-many-guesses", "too many wrong tokens are being shown; wait")
              .with("retry-after", "10"));
    }
    return false;
  }

  private boolean isInSession(Request request) {
    return sessions.has(cookie(request), request.getHeaders().get(SECRET));
  }

  private static @Nullable String cookie(Request request) {
    List<HttpCookie> all = Request.getCookies(request);
    return all.stream()
        .filter(each -> each.getName().equals(COOKIE))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElse(null);
  }

  private void session(Answer answer) {
    Request request = answer.request();
    switch (request.getMethod()) {
      case "POST" -> execution.start("admin", () -> begin(answer));
      case "DELETE" -> {
        String cookie = cookie(request);
        String secret = request.getHeaders().get(SECRET);
        if (!isInSession(request) || cookie == null || secret == null) {
          throw unknown("there is no session").found();
        }
        sessions.end(cookie, secret);
        answer.headers().put(HttpHeader.SET_COOKIE, COOKIE + "=; Path=/; Max-Age=0");
        answer.json(200, Problem.JSON.createObjectNode());
      }
      default -> throw FrontDoor.notAllowed(request.getMethod(), "POST, DELETE");
    }
  }

  private void begin(Answer answer) {
    try {
      String shown = OrderBody.of(answer.request(), Set.of("token")).text("token");
      if (!isRight(answer, shown)) {
        return;
      }
      Sessions.Secrets secrets = sessions.begin();
      answer
          .headers()
          .put(
              HttpHeader.SET_COOKIE,
              "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d"
                  .formatted(COOKIE, secrets.cookie(), Sessions.LASTS.toSeconds()));
      ObjectNode json = Problem.JSON.createObjectNode();
      json.put("secret", secrets.page());
      answer.json(200, json);
    } catch (Problem.Found found) {
      answer.problem(found.problem());
    }
  }
}
