package dev.dormouse.rooms.analytics;

import dev.dormouse.room.Namespace;

/// Declares the namespace `analytics`: a room for each site, product or experiment.
public final class AnalyticsNamespace {
  public static final String NAME = "analytics";

  private AnalyticsNamespace() {}

  public static Namespace declaration() {
    return Namespace.named(NAME, AnalyticsRoom::new)
        .withSql(EventTable.TABLES)
        .hearsReaders()
        .publicStatus()
        .build();
  }
}
