package dev.dormouse.server;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A WebSocket client that does exactly what it is told, wrong things included: for tests. Waits at
/// most 10 s for anything. For one thread.
public final class RawWebSocket implements AutoCloseable {
  /// First bytes of frames, final.
  public static final int TEXT = 0x81;

  public static final int BINARY = 0x82;
  public static final int CLOSE = 0x88;
  public static final int PING = 0x89;
  public static final int PONG = 0x8a;

  /// First bytes of frames, not final.
  public static final int TEXT_PART = 0x01;

  public static final int BINARY_PART = 0x02;

  /// Frames that go on with a message.
  public static final int MORE = 0x00;

  public static final int LAST = 0x80;

  private static final int TIMEOUT = 10_000;
  private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /// What came back for the handshake or request.
  public record Head(int status, List<String> headers) {
    public Optional<String> header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(h -> h.toLowerCase(Locale.ROOT).startsWith(start))
          .map(h -> h.substring(start.length()).strip())
          .findFirst();
    }
  }

  /// A frame from the server.
  ///
  /// @param first its first byte
  public record Frame(int first, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /// The code of a close frame; 1005 for none.
    public int code() {
      return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
    }
  }

  private RawWebSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  /// Connects without saying anything.
  public static RawWebSocket dial(int port) throws IOException {
    return dial(port, 0);
  }

  /// Connects without saying anything.
  ///
  /// @param receiveBuffer how much the kernel keeps for a client that does not read, in bytes; 0
  ///   for its own choice
  public static RawWebSocket dial(int port, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    return dial(socket, port);
  }

  /// Connects from an address of this machine, such as 127.0.0.2, without saying anything.
  public static RawWebSocket dialFrom(String address, int port) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    return dial(socket, port);
  }

  private static RawWebSocket dial(Socket socket, int port) throws IOException {
    socket.setSoTimeout(TIMEOUT);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT);
    return new RawWebSocket(socket);
  }

  /// Connects and shakes hands.
  ///
  /// @param headers further lines of the request
  public static RawWebSocket open(int port, String path, String... headers) throws IOException {
    RawWebSocket client = dial(port);
    Head head = client.upgrade(path, headers);
    if (head.status() != 101) {
      String body = client.rest();
      client.close();
      throw new IOException("not upgraded but " + head + " " + body);
    }
    return client;
  }

  /// Sends a handshake and reads the answer's head.
  public Head upgrade(String path, String... headers) throws IOException {
    StringBuilder request =
        new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + socket.getPort());
    request.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13");
    request.append("\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    bytes(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    return head();
  }

  /// Reads the head of an HTTP response.
  public Head head() throws IOException {
    String status = line();
    List<String> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      headers.add(line);
    }
    return new Head(Integer.parseInt(status.split(" ", -1)[1]), headers);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the server hung up after '" + line + "'");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /// Reads a body of a known length.
  public String body(Head head) throws IOException {
    int length = head.header("content-length").map(Integer::parseInt).orElse(0);
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /// Reads until the server hangs up.
  public String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /// Sends bytes as they are.
  public RawWebSocket bytes(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  public RawWebSocket text(String text) throws IOException {
    return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  public RawWebSocket binary(byte... payload) throws IOException {
    return frame(BINARY, payload);
  }

  public RawWebSocket close(int code) throws IOException {
    return frame(CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  /// Sends one frame.
  ///
  /// @param first its first byte: final bit, reserved bits, opcode
  public RawWebSocket frame(int first, byte... payload) throws IOException {
    return bytes(encode(first, payload));
  }

  /// A frame as it goes on the wire, masked.
  public static byte[] encode(int first, byte... payload) {
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= MASK[i % 4];
    }
    ByteArrayOutputStream frame = header(first, payload.length, 0x80);
    frame.writeBytes(MASK);
    frame.writeBytes(masked);
    return frame.toByteArray();
  }

  /// A frame as it goes on the wire, wrongly not masked.
  public static byte[] unmasked(int first, byte... payload) {
    ByteArrayOutputStream frame = header(first, payload.length, 0);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private static ByteArrayOutputStream header(int first, long length, int mask) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (length < 126) {
      frame.write(mask | (int) length);
    } else if (length < 65_536) {
      frame.write(mask | 126);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else {
      frame.write(mask | 127);
      frame.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    return frame;
  }

  /// The next frame; null when the server has hung up.
  public @Nullable Frame read() throws IOException {
    int first;
    try {
      first = in.read();
    } catch (SocketException e) {
      throw new IOException("the socket was cut instead of closed", e);
    }
    if (first < 0) {
      return null;
    }
    int second = in.readUnsignedByte();
    long length =
        switch (second & 0x7f) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> second & 0x7f;
        };
    return new Frame(first, in.readNBytes((int) length));
  }

  /// The next frame, which there must be.
  public Frame next() throws IOException {
    Frame frame = read();
    if (frame == null) {
      throw new EOFException("the server hung up");
    }
    return frame;
  }

  /// The next frame, which must be a text.
  public String readText() throws IOException {
    Frame frame = next();
    if (frame.first() != TEXT) {
      throw new IOException("not a text: %02x %s".formatted(frame.first(), frame.text()));
    }
    return frame.text();
  }

  /// Reads up to the server's close frame, then to the end of the stream, and returns the code.
  public int readClose() throws IOException {
    Frame frame = next();
    while (frame.first() != CLOSE) {
      frame = next();
    }
    return frame.code();
  }

  /// Whether nothing but the end of the stream is left.
  public boolean ended() throws IOException {
    return in.read() < 0;
  }

  /// Shuts the sending side, as a client that is done.
  public void half() throws IOException {
    socket.shutdownOutput();
  }

  /// Cuts the connection, so that the server sees a reset.
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
