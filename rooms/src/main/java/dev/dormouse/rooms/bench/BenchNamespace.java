package dev.dormouse.rooms.bench;

import dev.dormouse.room.Namespace;

/// Declares the namespace `bench`. It is offered only where it is asked for, never by
/// [dev.dormouse.room.NamespaceProvider]: nothing in it is meant for the public.
public final class BenchNamespace {
  /// The namespace's name.
  public static final String NAME = "bench";

  private BenchNamespace() {}

  /// A declaration with build counts of its own, which last as long as it does.
  public static Namespace declaration() {
    Builds builds = new Builds();
    return Namespace.named(NAME, context -> new BenchRoom(context, builds)).nonBlocking().build();
  }
}
