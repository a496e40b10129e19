package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A server that parks, rooms with a [Porter] before them, and what went by since a test counted.
abstract class WithPorter extends WithParking {
  private long unparkedBefore;
  private long attendedBefore;

  @BeforeEach
  void count() {
    unparkedBefore = server.counters().unparked.sum();
    attendedBefore = server.counters().attended.sum();
  }

  @AfterEach
  void nobody_is_left() throws InterruptedException {
    parked(0);
  }

  /// How many sockets have come back.
  long unparked() {
    return server.counters().unparked.sum() - unparkedBefore;
  }

  /// Waits until as many sockets have come back; the room may have answered before that.
  void woken(int count) throws InterruptedException {
    for (int i = 0; i < 5_000 && unparked() < count; i++) {
      Thread.sleep(1);
    }
    assertThat(unparked()).as("sockets woken").isEqualTo(count);
  }

  /// How many frames were seen to for parked sockets.
  long attended() {
    return server.counters().attended.sum() - attendedBefore;
  }

  static RawWebSocket enter(String room) throws IOException {
    return open("/" + room + "?by=porter");
  }

  static byte[] frame(int first, String text) {
    return RawWebSocket.encode(first, text.getBytes(UTF_8));
  }

  static byte[] text(String text) {
    return frame(RawWebSocket.TEXT, text);
  }

  static byte[] ping(String mark) {
    return frame(RawWebSocket.PING, mark);
  }

  static byte[] together(byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  static void pong(RawWebSocket client, String mark) throws IOException {
    RawWebSocket.Frame frame = client.next();
    assertThat(frame.first()).as(frame::text).isEqualTo(RawWebSocket.PONG);
    assertThat(frame.text()).isEqualTo(mark);
  }

  static void said(RawWebSocket client, String... texts) throws IOException {
    for (String text : texts) {
      assertThat(client.readText()).isEqualTo(text);
    }
  }
}
