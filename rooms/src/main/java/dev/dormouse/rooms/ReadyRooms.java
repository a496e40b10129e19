package dev.dormouse.rooms;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.NamespaceProvider;
import dev.dormouse.rooms.analytics.AnalyticsNamespace;
import dev.dormouse.rooms.booking.BookingNamespace;
import dev.dormouse.rooms.chat.ChatNamespace;
import dev.dormouse.rooms.collab.CollabNamespace;
import dev.dormouse.rooms.fleet.FleetNamespaces;
import dev.dormouse.rooms.inventory.InventoryNamespace;
import dev.dormouse.rooms.limiter.LimiterNamespace;
import dev.dormouse.rooms.presence.PresenceNamespace;
import dev.dormouse.rooms.shipment.ShipmentNamespace;
import java.util.List;
import java.util.stream.Stream;

/// Offers the ready-made rooms; the bench room is not among them, see
/// [dev.dormouse.rooms.bench.BenchNamespace].
public final class ReadyRooms implements NamespaceProvider {
  @Override
  public List<Namespace> namespaces() {
    return Stream.concat(
            Stream.of(
                CollabNamespace.declaration(),
                ChatNamespace.declaration(),
                InventoryNamespace.declaration(),
                InventoryNamespace.withSql(),
                AnalyticsNamespace.declaration(),
                LimiterNamespace.declaration(),
                PresenceNamespace.declaration(),
                BookingNamespace.declaration(),
                ShipmentNamespace.declaration()),
            FleetNamespaces.declarations().stream())
        .toList();
  }
}
