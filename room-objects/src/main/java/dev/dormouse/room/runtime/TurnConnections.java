package dev.dormouse.room.runtime;

import dev.dormouse.room.Connection;
import dev.dormouse.room.Connections;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Effect;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The room's connections as a turn sees them.
final class TurnConnections implements Connections {
  private static final int MAX_AUTO_RESPONSE = 2_048;

  private final Incarnation incarnation;

  TurnConnections(Incarnation incarnation) {
    this.incarnation = incarnation;
  }

  @Override
  public int count() {
    boolean leaving = incarnation.activation().leaving != 0;
    synchronized (incarnation.host) {
      return incarnation.host.roster.open() + (leaving ? 1 : 0);
    }
  }

  @Override
  public Stream<Connection> stream() {
    return pages(null);
  }

  @Override
  public Stream<Connection> stream(String tag) {
    return pages(tag);
  }

  private Stream<Connection> pages(@Nullable String tag) {
    incarnation.turn();
    return StreamSupport.stream(new ConnectionPages(incarnation, tag), false);
  }

  @Override
  public Optional<Connection> find(long key) {
    incarnation.turn();
    incarnation.host.recall.read(List.of(key));
    synchronized (incarnation.host) {
      return Optional.ofNullable(incarnation.host.roster.get(key))
          .filter(member -> !member.isClosing())
          .map(member -> new TurnConnection(incarnation, member));
    }
  }

  @Override
  public void autoResponse(Message request, Message answer) {
    autoRespond(new Effect.AutoRespond(brief(request), brief(answer)));
  }

  @Override
  public void noAutoResponse() {
    autoRespond(new Effect.AutoRespond(null, null));
  }

  private void autoRespond(Effect.AutoRespond effect) {
    synchronized (incarnation.host) {
      Turn turn = incarnation.turn();
      Roster roster = incarnation.host.roster;
      Effect.AutoRespond before = roster.autoResponse;
      roster.autoResponse = effect;
      turn.undo.add(() -> roster.autoResponse = before);
      turn.effects.add(effect);
    }
  }

  @Override
  public void broadcast(Message message, Connection... except) {
    incarnation.turn().effects.add(new Effect.Broadcast(null, message, OutputGate.keys(except)));
  }

  @Override
  public void broadcastTo(String tag, Message message, Connection... except) {
    incarnation.turn().effects.add(new Effect.Broadcast(tag, message, OutputGate.keys(except)));
  }

  private static Message brief(Message message) {
    if (message.bytes().length > MAX_AUTO_RESPONSE) {
      throw new IllegalArgumentException(
          "an automatic response and its request have at most %,d bytes each, not %,d"
              .formatted(MAX_AUTO_RESPONSE, message.bytes().length));
    }
    return message;
  }
}
