package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that speaks TLS itself, by real handshakes.
@Timeout(90)
class TlsIT {
  private static final String PASSWORD = "certificates";
  private static final String FAILED = "dormouse_certificate_reloads_failed_total";

  @TempDir Path folder;

  /// Makes a certificate of its own hand.
  private Path packed(String name) throws Exception {
    Path file = folder.resolve(name + "-" + System.nanoTime() + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    return file;
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), kind);
  }

  /// Writes a certificate and its key as PEM.
  private void pems(String name, Path certificate, Path key) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(packed(name))) {
      store.load(in, PASSWORD.toCharArray());
    }
    Files.writeString(
        key, pem("PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded()));
    Files.writeString(certificate, pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
  }

  private RoomServerBuilder builder() {
    return RoomServer.builder()
        .namespace(TalkRoom.namespace())
        .namespace(TalkRoom.quick())
        .data(folder.resolve("data"))
        .port(0)
        .park(Duration.ofMillis(20))
        .set(Setting.CLOSING, "1")
        .set(Setting.IDLE, "2")
        .set(Setting.HANDSHAKE, "2");
  }

  /// Trusts everybody: who it is is looked at by the test.
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /// A client of one server, without frames larger than 125 bytes.
  private static final class Client implements AutoCloseable {
    private final SSLSocket socket;
    private final DataInputStream in;
    private final OutputStream out;

    Client(int port) throws Exception {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      in = new DataInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    }

    X509Certificate shown() throws IOException {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    String name() throws IOException {
      return shown().getSubjectX500Principal().getName();
    }

    String send(String request) throws IOException {
      out.write(request.getBytes(UTF_8));
      out.flush();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      return head.toString();
    }

    Client upgraded(String path) throws IOException {
      String head =
          send(
              "GET "
                  + path
                  + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                  + "Origin: https://localhost\r\n\r\n");
      assertThat(head).startsWith("HTTP/1.1 101");
      assertThat(text()).isEqualTo("welcome");
      return this;
    }

    void say(String text) throws IOException {
      out.write(RawWebSocket.encode(RawWebSocket.TEXT, text.getBytes(UTF_8)));
      out.flush();
    }

    String text() throws IOException {
      assertThat(in.readUnsignedByte()).isEqualTo(RawWebSocket.TEXT);
      byte[] bytes = new byte[in.readUnsignedByte()];
      in.readFully(bytes);
      return new String(bytes, UTF_8);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /// The value of a metric, asked for over TLS.
  private static double metric(int port, String name) throws Exception {
    try (Client client = new Client(port)) {
      client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      return new String(client.in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow();
    }
  }

  /// Waits until looks have failed that began after this call.
  private static void awaitFailure(int port) throws Exception {
    double before = metric(port, FAILED);
    for (int i = 0; i < 100 && metric(port, FAILED) < before + 2; i++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(metric(port, FAILED)).isGreaterThanOrEqualTo(before + 2);
  }

  private static void assertEndIsTold(int port) throws Exception {
    try (Client client = new Client(port)) {
      assertThat(metric(port, "dormouse_certificate_not_after_seconds"))
          .isEqualTo((double) client.shown().getNotAfter().toInstant().getEpochSecond());
    }
  }

  private static void awaitName(int port, String wanted) throws Exception {
    String name = "";
    for (int i = 0; i < 100 && !name.equals(wanted); i++) {
      TimeUnit.MILLISECONDS.sleep(100);
      try (Client fresh = new Client(port)) {
        name = fresh.name();
      }
    }
    assertThat(name).isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void speaks_to_rooms_and_pages_on_every_transport_and_parks_nobody(String transport)
      throws Exception {
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    pems("one", certificate, key);
    try (RoomServer server =
            builder()
                .set(Setting.TRANSPORT, transport)
                .set(Setting.TLS_CERTIFICATE, certificate.toString())
                .set(Setting.TLS_KEY, key.toString())
                .start();
        Client talk = new Client(server.port()).upgraded("/talk/a");
        Client quick = new Client(server.port()).upgraded("/quick/a");
        Client http = new Client(server.port())) {
      assertThat(server.url()).startsWith("https://");
      assertThat(talk.name()).isEqualTo("CN=one");
      assertThat(http.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
          .startsWith("HTTP/1.1 200");
      assertThat(server.turnstile().handshakes()).as("all were answered").isZero();
      // Longer than idle sockets, late clients and parked ones have.
      TimeUnit.SECONDS.sleep(4);
      assertThat(server.front().parked()).isZero();
      talk.say("all hello");
      quick.say("all hello");
      assertThat(talk.text()).isEqualTo("hello");
      assertThat(quick.text()).isEqualTo("hello");
    }
  }

  @Test
  void takes_a_certificate_anew_when_it_changes_and_old_connections_stay() throws Exception {
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    pems("one", certificate, key);
    try (RoomServer server =
            builder()
                .set(Setting.TLS_CERTIFICATE, certificate.toString())
                .set(Setting.TLS_KEY, key.toString())
                .start();
        Client old = new Client(server.port()).upgraded("/talk/a")) {
      assertEndIsTold(server.port());
      assertThat(metric(server.port(), FAILED)).isZero();
      Files.writeString(certificate, "half of a cert");
      awaitFailure(server.port());
      try (Client still = new Client(server.port())) {
        assertThat(still.name()).as("what cannot be used is not").isEqualTo("CN=one");
      }
      assertEndIsTold(server.port());
      pems("two", certificate, key);
      awaitName(server.port(), "CN=two");
      assertEndIsTold(server.port());
      old.say("all hello");
      assertThat(old.text()).isEqualTo("hello");
      assertThat(old.name()).isEqualTo("CN=one");
    }
  }

  @Test
  void tries_again_what_could_not_be_used_though_the_files_look_the_same() throws Exception {
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    pems("one", certificate, key);
    Path laterCertificate = folder.resolve("later-cert.pem");
    Path laterKey = folder.resolve("later-key.pem");
    pems("two", laterCertificate, laterKey);
    FileTime time = FileTime.fromMillis(1_700_000_000_000L);
    Path broken = Files.writeString(folder.resolve("broken"), "half of a cert");
    Files.setLastModifiedTime(broken, time);
    Files.setLastModifiedTime(laterCertificate, time);
    Files.setLastModifiedTime(laterKey, Files.getLastModifiedTime(key));
    try (RoomServer server =
        builder()
            .set(Setting.TLS_CERTIFICATE, certificate.toString())
            .set(Setting.TLS_KEY, key.toString())
            .start()) {
      Files.move(broken, certificate, StandardCopyOption.ATOMIC_MOVE);
      awaitFailure(server.port());
      Files.move(laterKey, key, StandardCopyOption.ATOMIC_MOVE);
      Files.move(laterCertificate, certificate, StandardCopyOption.ATOMIC_MOVE);
      awaitName(server.port(), "CN=two");
    }
  }

  @Test
  void takes_a_packed_one_with_its_password() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    try (RoomServer server =
            builder()
                .set(Setting.TLS_CERTIFICATE, packed("three").toString())
                .set(Setting.TLS_PASSWORD, password.toString())
                .start();
        Client client = new Client(server.port())) {
      assertThat(client.name()).isEqualTo("CN=three");
    }
  }

  @Test
  void does_not_start_with_files_that_do_not_fit() throws Exception {
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    pems("one", certificate, key);
    pems("two", folder.resolve("other.pem"), key);
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() ->
            builder()
                .set(Setting.TLS_CERTIFICATE, certificate.toString())
                .set(Setting.TLS_KEY, key.toString())
                .start())
        .withMessageContaining("the key is not that of the certificate");
    Files.writeString(key, pem("EC PRIVATE KEY", new byte[48]));
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() ->
            builder()
                .set(Setting.TLS_CERTIFICATE, certificate.toString())
                .set(Setting.TLS_KEY, key.toString())
                .start())
        .withMessageContaining("openssl pkcs8");
  }
}
