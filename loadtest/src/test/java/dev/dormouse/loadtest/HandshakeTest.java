package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String GOOD =
      """
      HTTP/1.1 101 Switching Protocols
      upgrade: websocket
      SEC-WEBSOCKET-ACCEPT: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

      """
          .replace("\n", "\r\n");

  /// The example of RFC 6455, section 1.3.
  @Test
  void the_proof_is_the_one_of_the_rfc() {
    assertThat(Handshake.accept(KEY)).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  @Test
  void the_request_names_host_path_and_a_key_of_sixteen_bytes() {
    String key = Handshake.key(3);
    byte[] request = Handshake.request(URI.create("http://127.0.0.1:81"), "/ws/r0", key);

    assertThat(new String(request, StandardCharsets.US_ASCII))
        .startsWith("GET /ws/r0 HTTP/1.1\r\nHost: 127.0.0.1:81\r\n")
        .contains("\r\nSec-WebSocket-Key: " + key + "\r\n")
        .endsWith("\r\n\r\n")
        .doesNotContainPattern("[^\r]\n");
    assertThat(Base64.getDecoder().decode(key)).hasSize(16);
  }

  @Test
  void the_head_is_read_to_its_end_and_no_further() throws IOException {
    var stream = new ByteArrayInputStream((GOOD + "\u0001").getBytes(StandardCharsets.US_ASCII));

    assertThat(Handshake.head(stream)).isEqualTo(GOOD);
    assertThat(stream.read()).isEqualTo(1);
  }

  @Test
  void a_right_answer_passes_whatever_the_case_of_its_headers() {
    Handshake.check(GOOD, KEY);
  }

  @Test
  void any_other_answer_is_an_error() {
    wrong("HTTP/1.1 503 Service Unavailable\r\n\r\n", "503");
    wrong(GOOD.replace("s3pPLMB", "s3pPLMA"), "s3pPLMA");
    wrong("HTTP/1.1 101 Switching Protocols\r\n\r\n", "without");
  }

  private static void wrong(String head, String message) {
    assertThatExceptionOfType(WireException.class)
        .isThrownBy(() -> Handshake.check(head, KEY))
        .withMessageContaining(message);
  }
}
