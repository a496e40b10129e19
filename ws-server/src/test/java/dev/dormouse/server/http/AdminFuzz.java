package dev.dormouse.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;

/// Requests to the admin port before rooms, sagas and queues in every state: whatever is asked, the
/// answer is never that the server failed, and the next who asks gets theirs.
///
/// The first byte of an input chooses the method, and whether the rest is a path and, behind a line
/// break, a body, or else a whole request of which nothing is made right.
public final class AdminFuzz {
  private static final String[] METHODS = {"GET", "POST", "GET", "POST", "HEAD", "PUT", "DELETE"};
  private static final int WHOLE = 0x80;
  private static final int PATIENCE_MS = 20_000;
  private static final AdminStage STAGE = stage();

  private AdminFuzz() {}

  private static AdminStage stage() {
    try {
      AdminStage stage = AdminStage.start();
      Runtime.getRuntime().addShutdownHook(new Thread(stage::close));
      return stage;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// Called by the fuzzer. Throws if anything is not as it should be.
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    boolean whole = (input[0] & WHOLE) != 0;
    byte[] asked = whole ? rest : request(METHODS[(input[0] & 0x7f) % METHODS.length], rest);
    String answer = ask(asked);
    if (!whole && answer.isEmpty()) {
      // One connection in millions was cut by a machine that had no time for it.
      answer = ask(asked);
    }
    if (!whole && !answer.startsWith("HTTP/1.1 ")) {
      throw new AssertionError("no answer: " + answer);
    }
    // Jetty says 501 and 505 of methods and versions that it does not speak.
    if (answer.startsWith("HTTP/1.1 5") && !answer.matches("(?s)HTTP/1.1 50[15] .*")) {
      throw new AssertionError(answer);
    }
  }

  private static String ask(byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), STAGE.port())) {
      socket.setSoTimeout(PATIENCE_MS);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
      } catch (SocketException _) {
        // Closed before all was read, as it may be for a request that is none.
        return "";
      }
    }
  }

  /// Percent-encodes what cannot stand in a request line, and gives the rest a frame that holds.
  private static byte[] request(String method, byte[] rest) {
    String text = new String(rest, ISO_8859_1);
    int end = text.indexOf('\n');
    String path = end < 0 ? text : text.substring(0, end);
    byte[] body = end < 0 ? new byte[0] : Arrays.copyOfRange(rest, end + 1, rest.length);
    StringBuilder head = new StringBuilder(method + " /");
    for (byte b : path.getBytes(ISO_8859_1)) {
      boolean plain = b > ' ' && b < 0x7f && b != '#' && b != '"' && b != '\\';
      head.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
    }
    head.append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length);
    byte[] start = head.append("\r\n\r\n").toString().getBytes(UTF_8);
    byte[] all = Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }
}
