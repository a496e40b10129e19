package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.SqlStorage;
import dev.dormouse.room.StartCause;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/// What an operator asks of a room's database, and changes in it.
@Timeout(60)
@DisplayName("SQL on the admin port")
class SqlConsoleIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOSTILE = "<script>alert(\"1\")</script>\0\n'; DROP TABLE entry";

  @TempDir static Path folder;
  private static RoomServer server;

  /// Remembers how many entries there were when it was built.
  private static final class Book implements Room {
    private final RoomContext context;
    private long remembered;

    Book(RoomContext context) {
      this.context = context;
    }

    private SqlStorage sql() {
      return context.storage().sql();
    }

    @Override
    public void onStart(StartCause cause) {
      sql().exec("CREATE TABLE IF NOT EXISTS entry (name TEXT UNIQUE, value)");
      remembered = sql().exec("SELECT count(*) FROM entry").one().getLong(0);
    }

    @Override
    public HttpReply onRequest(HttpCall call) {
      if (call.method().equals("PUT")) {
        sql().exec("INSERT INTO entry VALUES (?, ?)", call.path(), call.text());
      }
      return HttpReply.text(200, remembered + " " + context.storage().version());
    }
  }

  /// Has no SQL.
  private record Plain(RoomContext context) implements Room {}

  @BeforeAll
  static void start() throws Exception {
    server =
        RoomServer.builder()
            .namespace(Namespace.named("books", Book::new).withSql().build())
            .namespace(Namespace.named("plain", Plain::new).build())
            .data(folder)
            .port(0)
            .set(Setting.ADMIN, "0")
            .start();
    ask("novel", "PUT", "first", "one");
    ask("novel", "PUT", HOSTILE, HOSTILE);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String ask(String name, String method, String path, String body) {
    RoomId room = server.rooms().idFromName("books", name);
    HttpReply reply = server.rooms().request(room, HttpCall.of(method, path).withBody(body));
    return new String(((HttpReply.Bytes) reply.body()).bytes(), UTF_8);
  }

  private static String order(String statement, boolean write) {
    return JSON.createObjectNode()
        .put("actor", "ada")
        .put("statement", statement)
        .put("write", write)
        .toString();
  }

  private static AdminClient.Reply read(String name, String statement) throws Exception {
    return new AdminClient(server).order("/sql/books/" + name, order(statement, false));
  }

  private static AdminClient.Reply write(String name, String statement) throws Exception {
    return new AdminClient(server).order("/sql/books/" + name, order(statement, true));
  }

  @Test
  void says_columns_rows_and_numbers() throws Exception {
    AdminClient.Reply reply =
        read(
            "novel",
            "SELECT name AS n, 1 AS whole, 1.5 AS real, NULL AS missing, x'00ff' AS bytes,"
                + " 9223372036854775807 AS long, -9e999 AS far FROM entry WHERE name = 'first';");

    assertThat(reply.status()).as(reply.json().toString()).isEqualTo(200);
    assertThat(reply.json().path("columns").toString())
        .isEqualTo("[\"n\",\"whole\",\"real\",\"missing\",\"bytes\",\"long\",\"far\"]");
    assertThat(reply.json().path("rows").toString())
        .isEqualTo(
            "[[\"first\",1,1.5,null,{\"base64\":\"AP8=\"},"
                + "{\"integer\":\"9223372036854775807\"},{\"real\":\"-Infinity\"}]]");
    assertThat(reply.json().path("rowsRead").asInt()).isEqualTo(1);
    assertThat(reply.json().path("rowsWritten").asInt()).isZero();
    assertThat(reply.json().path("millis").isIntegralNumber()).isTrue();
    assertThat(reply.json().path("truncated").asBoolean(true)).isFalse();
  }

  @Test
  void gives_hostile_values_and_names_as_they_are() throws Exception {
    JsonNode json =
        read("novel", "SELECT value AS \"<b>'&\" FROM entry WHERE name <> 'first'").json();
    assertThat(json.path("rows").path(0).path(0).asText()).isEqualTo(HOSTILE);
    assertThat(json.path("columns").path(0).asText()).isEqualTo("<b>'&");
  }

  @Test
  void looking_changes_nothing_and_wakes_a_room_that_sleeps() throws Exception {
    AdminClient admin = new AdminClient(server);
    ask("sleeper", "PUT", "a", "b");
    String before = ask("sleeper", "GET", "", "");
    admin.until("/rooms/books/sleeper", it -> !it.conditions().contains("COMMITTING"));
    assertThat(admin.post("/rooms/books/sleeper/evict").status()).isEqualTo(200);

    assertThat(read("sleeper", "SELECT * FROM entry").json().path("rowsRead").asInt()).isOne();
    assertThat(admin.get("/rooms/books/sleeper").text("state")).isEqualTo("awake");
    assertThat(admin.get("/rooms/books/sleeper").json().path("sql").asBoolean()).isTrue();
    // Built anew from sleep it has counted again; its version is what it was.
    assertThat(ask("sleeper", "GET", "", "")).isEqualTo("1 " + before.split(" ", 2)[1]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          INSERT INTO entry VALUES ('x', 1) | sql-not-allowed | only statements that read
          DELETE FROM entry                 | sql-not-allowed | only statements that read
          WITH n AS (SELECT 1) INSERT INTO entry SELECT 'x', 1 | sql-not-allowed | only statements
          DROP TABLE entry                  | sql-not-allowed | only statements that read
          PRAGMA query_only = OFF           | sql-not-allowed | PRAGMA
          ATTACH ':memory:' AS other        | sql-not-allowed | ATTACH
          SELECT 1; SELECT 2                | sql-not-allowed | one
          SELECT 1; DELETE FROM entry       | sql-not-allowed | one
          SELECT * FROM _dormouse_entry     | sql-not-allowed | reserved
          SELECT missing FROM entry         | sql-wrong       | no such column
          SELECT ?                          | sql-wrong       | bindings
          """)
  void refuses_when_reading(String statement, String error, String words) throws Exception {
    String before = ask("novel", "GET", "", "");
    AdminClient.Reply reply = read("novel", statement);
    assertThat(reply.status()).as(reply.json().toString()).isEqualTo(400);
    assertThat(reply.text("error")).isEqualTo(error);
    assertThat(reply.text("message")).contains(words);
    assertThat(reply.text("outcome")).isEqualTo("NOT_APPLIED");
    assertThat(reply.text("room")).isEqualTo("books/novel");
    // Nor has it ended the incarnation.
    assertThat(ask("novel", "GET", "", "")).isEqualTo(before);
  }

  @Test
  void stops_a_statement_that_takes_too_long() throws Exception {
    String forever =
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    AdminClient.Reply reply = read("novel", forever);
    assertThat(reply.status()).as(reply.json().toString()).isEqualTo(400);
    assertThat(reply.text("error")).isEqualTo("sql-over-limit");
    assertThat(read("novel", "SELECT 1").status()).isEqualTo(200);

    // Likewise one that writes, which has written nothing.
    ask("endless", "PUT", "a", "1");
    reply =
        write(
            "endless", forever.replace("SELECT count(*)", "INSERT INTO entry SELECT 'n' || i, i"));
    assertThat(reply.status()).as(reply.json().toString()).isEqualTo(400);
    assertThat(reply.text("error")).isEqualTo("sql-over-limit");
    assertThat(read("endless", "SELECT count(*) FROM entry").json().path("rows").toString())
        .isEqualTo("[[1]]");
  }

  @Test
  void cuts_off_after_200_rows_and_after_a_mebibyte() throws Exception {
    String many =
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT %d) SELECT %s"
            + " FROM n";
    JsonNode all = read("novel", many.formatted(200, "i")).json();
    assertThat(all.path("rows")).hasSize(200);
    assertThat(all.path("truncated").asBoolean()).isFalse();

    JsonNode rows = read("novel", many.formatted(201, "i")).json();
    assertThat(rows.path("rows")).hasSize(200);
    assertThat(rows.path("rowsRead").asInt()).isEqualTo(200);
    assertThat(rows.path("truncated").asBoolean()).isTrue();

    JsonNode bytes = read("novel", many.formatted(5, "zeroblob(400000)")).json();
    assertThat(bytes.path("rows")).hasSize(2);
    assertThat(bytes.path("truncated").asBoolean()).isTrue();

    JsonNode none = read("novel", "SELECT zeroblob(1048577)").json();
    assertThat(none.path("rows")).isEmpty();
    assertThat(none.path("truncated").asBoolean()).isTrue();
  }

  @Test
  void writes_where_that_is_said_and_the_room_begins_anew() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger logger = (Logger) LoggerFactory.getLogger("dev.dormouse.server.http.AdminSql");
    logger.addAppender(log);
    try {
      ask("draft", "PUT", "a", "1");
      assertThat(ask("draft", "GET", "", "")).startsWith("0 ");

      JsonNode inserted =
          write("draft", "INSERT INTO entry VALUES ('b', 2), ('c', 3) RETURNING name").json();
      assertThat(inserted.path("rowsWritten").asInt()).as(inserted.toString()).isEqualTo(2);
      assertThat(inserted.path("rows").toString()).isEqualTo("[[\"b\"],[\"c\"]]");
      assertThat(ask("draft", "GET", "", "")).startsWith("3 ");

      JsonNode many =
          write(
                  "draft",
                  "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 300)"
                      + " INSERT INTO entry SELECT 'n' || i, i FROM n RETURNING name")
              .json();
      assertThat(many.path("rows")).as(many.toString()).hasSize(200);
      assertThat(many.path("rowsWritten").asInt()).isEqualTo(300);
      assertThat(many.path("truncated").asBoolean()).isTrue();
      assertThat(ask("draft", "GET", "", "")).startsWith("303 ");

      assertThat(write("draft", "CREATE INDEX by_value ON entry (value)").status()).isEqualTo(200);
      assertThat(write("draft", "SELECT 1").json().path("rowsWritten").asInt(-1)).isZero();
      AdminClient.Reply twice = write("draft", "INSERT INTO entry VALUES ('d', 1), ('b', 2)");
      assertThat(twice.status()).isEqualTo(409);
      assertThat(twice.text("error")).isEqualTo("sql-constraint");
      assertThat(write("draft", "PRAGMA user_version = 7").status()).isEqualTo(400);
      assertThat(read("draft", "SELECT count(*) FROM entry").json().path("rows").toString())
          .isEqualTo("[[303]]");
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage))
        .contains("ada changed 2 rows of books/draft with SQL");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          /sql/plain/p     | {"actor":"a","statement":"SELECT 1"}                  | 409 | refused
          /sql/books/none  | {"actor":"a","statement":"SELECT 1"}                  | 404 | not-found
          /sql/nowhere/r   | {"actor":"a","statement":"SELECT 1"}    | 404 | unknown-namespace
          /sql/books/novel | {"statement":"SELECT 1"}                              | 400 | bad-request
          /sql/books/novel | {"actor":"a","statement":" "}                         | 400 | bad-request
          /sql/books/novel | {"actor":"a","statement":"SELECT 1","write":"yes"}    | 400 | bad-request
          /sql/books/novel | {"actor":"a","statement":"SELECT 1","wirte":true}     | 400 | bad-request
          """)
  void refuses_what_is_not_there_or_not_well_said(
      String path, String body, int status, String error) throws Exception {
    AdminClient.Reply reply = new AdminClient(server).order(path, body);
    assertThat(reply.status()).as(reply.json().toString()).isEqualTo(status);
    assertThat(reply.text("error")).isEqualTo(error);
  }

  @Test
  void is_asked_by_post_only_and_finds_rooms_by_id() throws Exception {
    AdminClient admin = new AdminClient(server);
    assertThat(admin.get("/sql/books/novel").status()).isEqualTo(405);
    String id = server.rooms().idFromName("books", "novel").hex();
    assertThat(admin.order("/sql/books?id=" + id, order("SELECT 1", false)).status())
        .isEqualTo(200);
    assertThat(admin.get("/rooms/books/none").status()).isEqualTo(404);
  }
}
