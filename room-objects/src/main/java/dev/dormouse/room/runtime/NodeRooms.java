package dev.dormouse.room.runtime;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rooms of a node as one incarnation, or the process around them, may reach them.
final class NodeRooms implements Rooms {
  private final RoomNode node;
  private final @Nullable Incarnation caller;

  /// @param caller who alone may call through these; null for the process around the rooms
  NodeRooms(RoomNode node, @Nullable Incarnation caller) {
    this.node = node;
    this.caller = caller;
  }

  @Override
  public RoomId idFromName(String namespace, String name) {
    return node.idKey().fromName(node.declared(namespace).name(), name);
  }

  @Override
  public RoomId newUniqueId(String namespace) {
    return node.idKey().unique(node.declared(namespace).name());
  }

  @Override
  public RoomId idFromString(String namespace, String hex) {
    return node.idKey().fromString(node.declared(namespace).name(), hex);
  }

  @Override
  public <T> T stub(Class<T> type, RoomId id) {
    return node.stubs().stub(type, id, caller);
  }

  @Override
  public HttpReply request(RoomId id, HttpCall call) {
    return node.stubs().request(id, call, caller);
  }

  @Override
  public Optional<Namespace> namespace(String name) {
    return node.namespace(name);
  }
}
