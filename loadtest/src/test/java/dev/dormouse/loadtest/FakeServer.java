package dev.dormouse.loadtest;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A WebSocket server on loopback that answers each frame as a test wants it answered.
public final class FakeServer implements AutoCloseable {
  private final ServerSocket listening;
  private final Answers answers;

  /// Guarded by itself.
  private final List<Socket> sockets = new ArrayList<>();

  /// What is sent for a frame; an empty array closes the socket.
  @FunctionalInterface
  public interface Answers {
    byte[] to(int opcode, byte[] payload);
  }

  public FakeServer(Answers answers) throws IOException {
    this.answers = answers;
    this.listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  /// The addresses that connections have come from.
  public List<String> clients() {
    synchronized (sockets) {
      return sockets.stream().map(socket -> socket.getInetAddress().getHostAddress()).toList();
    }
  }

  /// A frame as a server sends it.
  public static byte[] frame(int opcode, byte[] payload) {
    byte[] frame = new byte[payload.length + 2];
    frame[0] = (byte) (0x80 | opcode);
    frame[1] = (byte) payload.length;
    System.arraycopy(payload, 0, frame, 2, payload.length);
    return frame;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        synchronized (sockets) {
          sockets.add(socket);
        }
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // The test has closed the server.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      upgrade(Handshake.head(in), out);
      byte[] answer = new byte[1];
      while (answer.length > 0) {
        int opcode = in.readUnsignedByte() & 0x0f;
        byte[] payload = new byte[in.readUnsignedByte() & 0x7f];
        byte[] mask = in.readNBytes(4);
        in.readFully(payload);
        for (int i = 0; i < payload.length; i++) {
          payload[i] ^= mask[i % 4];
        }
        answer = answers.to(opcode, payload);
        out.write(answer);
      }
    } catch (IOException _) {
      // The client has gone, or the test has closed the server.
    }
  }

  private static void upgrade(String head, OutputStream out) throws IOException {
    String key = head.replaceAll("(?s).*Sec-WebSocket-Key: (\\S+)\r\n.*", "$1");
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: "
            + Handshake.accept(key)
            + "\r\n\r\n";
    out.write(answer.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    listening.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
