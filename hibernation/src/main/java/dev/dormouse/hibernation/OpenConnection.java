package dev.dormouse.hibernation;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One connection of a room, from its handshake until the room has been told of its end.
///
/// Where nothing else is said, mutable fields are guarded by the order of the room's effects: only
/// [SocketTable#apply] for that room touches them, and such calls never overlap.
final class OpenConnection implements Wheel.Entry {
  /// The time of what never was.
  static final long NEVER = Long.MIN_VALUE;

  final long key;
  final RoomId room;
  final ClientSocket socket;
  final Audience audience;

  /// Where the doorman stands that its admission named; null for none.
  final @Nullable OpenPorch porch;

  /// Whether frames of the platform itself may be sent to it (S3).
  final boolean platform;

  /// Whether its room is told when it ends (C5).
  final boolean hearsClose;

  /// Whether it may only read.
  final boolean reader;

  /// How long it may be there. Written before anybody knows of it, then while its audience is
  /// entered, by whoever renews it.
  volatile Stay stay = Stay.WITHOUT_END;

  /// When it was opened, in seconds since 1970 as an unsigned number. Written before anybody knows
  /// of it.
  volatile int openedAt;

  /// What is being done about its stay.
  private final AtomicReference<Tenancy> tenancy = new AtomicReference<>(Tenancy.STAYS);

  /// The last message of the batch that is being applied: it goes out when the next one or the end
  /// of the batch shows whether flushing can wait. Null between batches.
  private @Nullable Message held;

  /// What broadcasts look at; the audience has the connection in its index under these.
  Set<String> tags = Set.of();

  /// Its place on the porch; -1 if it does not stand there. Guarded by the porch.
  int place = -1;

  /// The wheel's tick when something was last sent. Whoever sends writes it, and it does not matter
  /// who comes last: a tick is a second. Not kept without a porch.
  volatile int sentAt;

  /// When an automatic response was last sent, in milliseconds since 1970 UTC. Written by whoever
  /// reads the socket.
  private volatile long respondedAt = NEVER;

  /// Whether its room was told that it has opened. Guarded by its socket.
  boolean told;

  /// How it was closed before its room was told of it; null if it was not. Guarded by its socket.
  @Nullable CloseStatus overEarly;

  /// Set once the room has closed it or its socket is gone, by whoever comes first; never unset.
  volatile boolean shut;

  OpenConnection(
      long key,
      RoomId room,
      ClientSocket socket,
      Audience audience,
      @Nullable OpenPorch porch,
      boolean platform,
      boolean hearsClose,
      boolean reader) {
    this.key = key;
    this.room = room;
    this.socket = socket;
    this.audience = audience;
    this.porch = porch;
    this.platform = platform;
    this.hearsClose = hearsClose;
    this.reader = reader;
  }

  /// Takes a message of the current batch, sending the one before it.
  ///
  /// @return true if this is the connection's first of the batch
  boolean take(Message message) {
    Message before = held;
    held = message;
    if (before == null) {
      return true;
    }
    send(before, true);
    return false;
  }

  /// Sends what [#take] held back, with all that waits before it.
  void flush() {
    Message last = held;
    if (last != null) {
      held = null;
      send(last, false);
    }
  }

  /// Sends at once, from any thread; what [#take] holds back stays behind it.
  ///
  /// @return false if the message was dropped
  boolean send(Message message, boolean more) {
    if (porch != null) {
      int tick = porch.tick();
      if (sentAt != tick) {
        sentAt = tick;
      }
    }
    return socket.send(message, more);
  }

  /// Sends an automatic response.
  void respond(Message answer, long millis) {
    respondedAt = millis;
    send(answer, false);
  }

  /// When [#respond] was last called; null for never.
  @Nullable Long respondedAt() {
    long at = respondedAt;
    return at == NEVER ? null : at;
  }

  /// It was packed, and its room knows of it.
  void comesBack(Dormitory.Sleeper sleeper) {
    openedAt = sleeper.openedAt();
    respondedAt = sleeper.respondedAt();
    stay = sleeper.stay();
    told = true;
  }

  /// What is to be kept of it when it is packed.
  ///
  /// @param number its wire's
  Dormitory.Sleeper sleeper(int number) {
    return new Dormitory.Sleeper(
        number, key, platform, hearsClose, reader, openedAt, respondedAt, stay, tags);
  }

  private enum Tenancy {
    STAYS,
    /// A token is being looked at.
    RENEWS,
    /// Its time is over, or its leave was taken back, and somebody closes it.
    OVER
  }

  /// Whether no token is being looked at for it, and none need be; [#endsRenewal] must follow then.
  boolean beginsRenewal() {
    return tenancy.compareAndSet(Tenancy.STAYS, Tenancy.RENEWS);
  }

  void endsRenewal() {
    tenancy.compareAndSet(Tenancy.RENEWS, Tenancy.STAYS);
  }

  /// Whether its stay ends now; only the first who asks is told so, and must close it.
  boolean endsStay() {
    return tenancy.getAndSet(Tenancy.OVER) != Tenancy.OVER;
  }

  /// Steps onto the porch, if there is one.
  void arrives() {
    if (porch != null) {
      porch.joins(this);
    }
  }

  /// Leaves the porch, if it stands there.
  void departs() {
    if (porch != null) {
      porch.leaves(this);
    }
  }

  @Override
  public int look(int now) {
    return porch == null || shut ? OVER : porch.feed(this, now);
  }
}
