package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.dormouse.room.Namespace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pages that come with a namespace.
class PagesIT {
  @TempDir static Path folder;

  private static RoomServer server;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    Namespace namespace =
        Namespace.named("paged", TalkRoom::new)
            .pages("/", PagesIT.class, "pages")
            .pages("/paged/", PagesIT.class, "pages")
            .build();
    server = RoomServer.builder().namespace(namespace).data(folder).port(0).start();
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8",
    "/index.html, text/html; charset=utf-8",
    "/app.js, text/javascript; charset=utf-8",
    "/styles/look.css, text/css; charset=utf-8",
    "/paged/, text/html; charset=utf-8",
    "/paged/app.js, text/javascript; charset=utf-8"
  })
  void have_their_type_and_may_load_nothing_from_elsewhere(String path, String type)
      throws Exception {
    HttpResponse<String> page = get(path);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).hasValue(type);
    assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("content-security-policy"))
        .hasValue(
            "default-src 'self'; connect-src 'self' ws: wss:; style-src 'self' 'unsafe-inline';"
                + " base-uri 'none'; frame-ancestors 'self'");
    assertThat(page.body()).isNotEmpty();
  }

  @Test
  void are_not_sent_again_while_they_are_the_same() throws Exception {
    String tag = get("/app.js").headers().firstValue("etag").orElseThrow();

    HttpResponse<String> again = get("/app.js", "If-None-Match", tag);

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(get("/app.js", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/../PagesIT.class",
        "/%2e%2e/PagesIT.class",
        "/..%2fPagesIT.class",
        "/styles/../../PagesIT.class",
        "/styles",
        "/styles/",
        "/nothing.js",
        "//app.js",
        "/app.js/"
      })
  void lead_to_no_other_file(String path) throws Exception {
    try (RawWebSocket raw = RawWebSocket.dial(server.port())) {
      raw.bytes(
          ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(raw.head().status()).isIn(400, 404, 426);
    }
  }

  @Test
  void without_an_index_are_refused_at_the_start() {
    Namespace namespace =
        Namespace.named("empty", TalkRoom::new).pages("/", PagesIT.class, "nowhere").build();

    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            RoomServer.builder().namespace(namespace).data(folder.resolve("other")).port(0).start())
        .withMessageContaining("index.html");
  }
}
