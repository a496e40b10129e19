package dev.dormouse.room.runtime;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Effect;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A connection in the hands of one incarnation. What it changes in the roster is taken back if the
/// turn throws; the lock makes that and a reset from another thread exclude each other.
final class TurnConnection implements Connection {
  private final Incarnation incarnation;
  private final Roster.Member member;

  TurnConnection(Incarnation incarnation, Roster.Member member) {
    this.incarnation = incarnation;
    this.member = member;
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
      if (member.closing) {
        return;
      }
      member.closing = true;
      turn.undo.add(() -> member.closing = false);
      turn.effects.add(new Effect.Close(member.key, status));
    }
  }

  @Override
  public Set<String> tags() {
    incarnation.turn();
    synchronized (incarnation.host) {
      return member.tags;
    }
  }

  @Override
  public void tags(Set<String> tags) {
    Set<String> checked = Admission.checkTags(tags);
    synchronized (incarnation.host) {
      Turn turn = incarnation.turn();
      Set<String> before = member.tags;
      member.tags = checked;
      turn.undo.add(() -> member.tags = before);
      turn.effects.add(new Effect.Retag(member.key, checked));
    }
  }

  @Override
  public byte[] attachment() {
    incarnation.turn();
    synchronized (incarnation.host) {
      return member.attachment.clone();
    }
  }

  @Override
  public void attach(byte[] attachment) {
    byte[] checked = Admission.checkAttachment(attachment);
    synchronized (incarnation.host) {
      Turn turn = incarnation.turn();
      byte[] before = member.attachment;
      member.attachment = checked;
      turn.undo.add(() -> member.attachment = before);
    }
  }

  @Override
  public Optional<String> subProtocol() {
    return Optional.ofNullable(member.subProtocol);
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
