package dev.dormouse.rooms.bench;

import dev.dormouse.room.Namespace;

/// Declares the namespace `bench-sql`: the bench room's counter as a row of a table. Offered like
/// the namespace `bench`, only where it is asked for.
public final class SqlBench {
  /// The namespace's name.
  public static final String NAME = "bench-sql";

  private SqlBench() {}

  public static Namespace declaration() {
    return Namespace.named(NAME, SqlBenchRoom::new).withSql().build();
  }
}
