package dev.dormouse.room.runtime;

import dev.dormouse.room.Connection;
import dev.dormouse.room.Connections;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The room's connections as a turn sees them.
final class TurnConnections implements Connections {
  private final Incarnation incarnation;

  TurnConnections(Incarnation incarnation) {
    this.incarnation = incarnation;
  }

  @Override
  public int count() {
    return open(null).size();
  }

  @Override
  public Stream<Connection> stream() {
    return open(null).stream();
  }

  @Override
  public Stream<Connection> stream(String tag) {
    return open(tag).stream();
  }

  private List<Connection> open(@Nullable String tag) {
    Activation.Asker asker = incarnation.activation().asker;
    synchronized (incarnation.host) {
      List<Connection> open = new ArrayList<>();
      for (Roster.Member member : incarnation.host.roster.all()) {
        if ((!member.closing || asker.equals(new Activation.Asker.Leaving(member.key)))
            && (tag == null || member.tags.contains(tag))) {
          open.add(new TurnConnection(incarnation, member));
        }
      }
      return open;
    }
  }

  @Override
  public Optional<Connection> find(long key) {
    incarnation.turn();
    synchronized (incarnation.host) {
      return Optional.ofNullable(incarnation.host.roster.get(key))
          .filter(member -> !member.closing)
          .map(member -> new TurnConnection(incarnation, member));
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
}
