package dev.dormouse.docs;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.NamespaceProvider;
import java.util.List;

// tag::provider
public final class LobbyProvider implements NamespaceProvider {
  @Override
  public List<Namespace> namespaces() {
    return List.of(Namespace.named("lobby", Lobby::new).build());
  }
}
// end::provider
