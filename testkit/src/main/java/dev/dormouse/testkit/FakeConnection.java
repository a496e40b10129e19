package dev.dormouse.testkit;

import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets.Intake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A client that has connected to a room: sends to it, and keeps what it received.
///
/// Answers the room's close by itself, as a WebSocket client does.
public final class FakeConnection {
  private final long key;
  private final RoomId room;
  private final FakeSockets sockets;
  private final FakeSockets.Post post;
  private final @Nullable FakePorch porch;
  private final boolean hearsClose;
  private final Access access;
  private final boolean heard;
  private final List<Message> received = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private Intake intake = Intake.OPEN;
  private @Nullable CloseStatus closed;
  private boolean closedByRoom;

  /// @param porch where its doorman stands, if it has one
  /// @param admission how the room let it in
  /// @param heard whether its room gets its messages, which it does not of one that may only read
  ///   unless the namespace says so
  FakeConnection(
      long key,
      RoomId room,
      FakeSockets sockets,
      FakeSockets.Post post,
      @Nullable FakePorch porch,
      Admission.Accepted admission,
      boolean heard) {
    this.key = key;
    this.room = room;
    this.sockets = sockets;
    this.post = post;
    this.porch = porch;
    this.hearsClose = admission.hearsClose();
    this.access = admission.access();
    this.heard = heard;
  }

  public long key() {
    return key;
  }

  public void send(String text) {
    send(Message.of(text));
  }

  public void send(byte[] bytes) {
    send(Message.of(bytes));
  }

  public void send(Message message) {
    boolean answered = closed == null && sockets.respond(this, message);
    if (!answered && (porch == null || porch.hears(this, message)) && heard) {
      intake = post.post(new Event.Received(key, message));
    }
  }

  /// What the room said to the last message: whether the client's socket would be read on.
  public Intake intake() {
    return intake;
  }

  /// The client closes, or its doorman does.
  public void close(int code, String reason) {
    end(new CloseStatus(code, reason));
  }

  private void end(CloseStatus status) {
    if (closed == null) {
      closed = status;
      departs();
      post.post(hearsClose ? new Event.Closed(key, status) : new Event.Left(key));
    }
  }

  /// Steps onto its doorman's porch.
  void arrives() {
    if (porch != null) {
      porch.joins(this);
    }
  }

  /// Leaves it.
  void departs() {
    if (porch != null) {
      porch.leaves(this);
    }
  }

  /// Whether it may only read.
  boolean reads() {
    return access == Access.READ;
  }

  RoomId room() {
    return room;
  }

  /// The socket vanishes.
  public void vanish() {
    close(1006, "");
  }

  void receive(Message message) {
    if (closedByRoom) {
      throw new AssertionError("connection " + key + " was sent to after its close: " + message);
    }
    // A room may go on sending to a client that is gone, until it is told.
    if (closed == null) {
      received.add(message);
    }
  }

  void told(Refusal refusal) {
    refusals.add(refusal);
  }

  void closedByRoom(CloseStatus status) {
    closedByRoom = true;
    end(status);
  }

  /// Everything received so far, in order.
  public List<Message> received() {
    return List.copyOf(received);
  }

  /// The text messages received so far, in order.
  public List<String> texts() {
    return received.stream()
        .filter(Message.Text.class::isInstance)
        .map(message -> ((Message.Text) message).text())
        .toList();
  }

  /// The refusals that a client of `dormouse.v1` would have been told.
  public List<Refusal> refusals() {
    return List.copyOf(refusals);
  }

  /// How it ended, if it has.
  public Optional<CloseStatus> closed() {
    return Optional.ofNullable(closed);
  }
}
