package dev.dormouse.server.jetty;

import dev.dormouse.server.parking.ParkingConnector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The parking place of each connector. Numbers of several connectors may be the same, so the wires
/// of one are packed and no other's: of that whose client comes first.
///
/// Safe for any thread.
final class ParkingPlaces<P> {
  private final Maker<P> maker;

  /// Grows under this object's lock only, so that there is one that is first.
  private final Map<ParkingConnector, P> places = new ConcurrentHashMap<>();

  ParkingPlaces(Maker<P> maker) {
    this.maker = maker;
  }

  /// Makes a connector's place.
  @FunctionalInterface
  interface Maker<P> {
    /// @param packs whether its wires are packed
    P place(ParkingConnector connector, boolean packs);
  }

  P of(ParkingConnector connector) {
    P known = places.get(connector);
    return known == null ? make(connector) : known;
  }

  private synchronized P make(ParkingConnector connector) {
    P known = places.get(connector);
    if (known == null) {
      known = maker.place(connector, places.isEmpty());
      places.put(connector, known);
    }
    return known;
  }
}
