package dev.dormouse.room.runtime;

import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Effect;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A connection in the hands of one incarnation. What it changes in the roster is taken back if the
/// turn throws; the lock makes that and a reset from another thread exclude each other.
final class TurnConnection implements Connection {
  private final Incarnation incarnation;

  /// As it was read; the roster may know a newer one.
  private final Roster.Member member;

  TurnConnection(Incarnation incarnation, Roster.Member member) {
    this.incarnation = incarnation;
    this.member = member;
  }

  /// A connection that the roster knows.
  static TurnConnection of(Incarnation incarnation, long key) {
    RoomHost host = incarnation.host;
    synchronized (host) {
      Roster.Member member = host.roster.get(key);
      if (member == null) {
        throw new IllegalStateException("connection " + key + " of " + host.id + " is unknown");
      }
      return new TurnConnection(incarnation, member);
    }
  }

  @Override
  public long key() {
    return member.key;
  }

  @Override
  public void send(Message message) {
    incarnation.turn().effects.add(new Effect.Send(member.key, message));
  }

  @Override
  public void sendUngated(Message message) {
    incarnation.turn().ungated.add(new Effect.Send(member.key, message));
  }

  @Override
  public void close(CloseStatus status) {
    synchronized (incarnation.host) {
      Turn turn = incarnation.turn();
      Roster.Member mine = held();
      if (mine.isClosing()) {
        return;
      }
      roster().closing(mine, true);
      turn.undo.add(() -> roster().closing(mine, false));
      turn.effects.add(new Effect.Close(mine.key, status));
    }
  }

  @Override
  public Set<String> tags() {
    incarnation.turn();
    synchronized (incarnation.host) {
      return current().tags;
    }
  }

  @Override
  public void tags(Set<String> tags) {
    Set<String> checked = Admission.checkTags(tags);
    synchronized (incarnation.host) {
      Turn turn = incarnation.turn();
      Roster.Member mine = held();
      Set<String> before = mine.tags;
      mine.tags = checked;
      turn.undo.add(() -> mine.tags = before);
      turn.effects.add(new Effect.Retag(mine.key, checked));
    }
  }

  @Override
  public byte[] attachment() {
    incarnation.turn();
    synchronized (incarnation.host) {
      return current().attachment.clone();
    }
  }

  @Override
  public void attach(byte[] attachment) {
    byte[] checked = Admission.checkAttachment(attachment);
    synchronized (incarnation.host) {
      Turn turn = incarnation.turn();
      Roster.Member mine = held();
      byte[] before = mine.attachment;
      mine.attachment = checked;
      turn.undo.add(() -> mine.attachment = before);
    }
  }

  private Roster roster() {
    return incarnation.host.roster;
  }

  private Roster.Member current() {
    Roster.Member known = roster().get(member.key);
    return known != null ? known : member;
  }

  /// The member to change, whose record is then out of date.
  private Roster.Member held() {
    Roster.Member mine = roster().hold(current());
    mine.change();
    return mine;
  }

  @Override
  public Optional<String> subProtocol() {
    return Optional.ofNullable(member.subProtocol);
  }

  @Override
  public Access access() {
    return member.access;
  }

  @Override
  public Optional<Instant> lastAutoResponse() {
    incarnation.turn();
    OptionalLong last =
        incarnation.host.node.sockets().lastAutoResponse(incarnation.host.id, member.key);
    return last.isPresent()
        ? Optional.of(Instant.ofEpochMilli(last.getAsLong()))
        : Optional.empty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TurnConnection that && member.key == that.member.key;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(member.key);
  }

  @Override
  public String toString() {
    return "connection " + member.key + " of " + incarnation.id();
  }
}
