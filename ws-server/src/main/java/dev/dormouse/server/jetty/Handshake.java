package dev.dormouse.server.jetty;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.limits.Guest;
import dev.dormouse.server.limits.Meter;
import dev.dormouse.server.parking.ParkingConnector;
import dev.dormouse.server.parking.ParkingEndPoint;
import java.net.SocketAddress;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConstants;
import org.eclipse.jetty.websocket.core.util.WebSocketUtils;
import org.jspecify.annotations.Nullable;

/// The opening handshake of RFC 6455 section 4.2, in two halves: what the client asked is checked
/// at once, the answer is given when the room has admitted it.
public final class Handshake {
  private final SocketTable table;
  private final SocketLimits limits;
  private final Execution execution;
  private final WebSocketComponents components;
  private final Subjects subjects;

  /// One for each connector that parks.
  private final ParkingPlaces<ParkingPlace> places = new ParkingPlaces<>(this::place);

  public Handshake(
      SocketTable table,
      SocketLimits limits,
      Execution execution,
      WebSocketComponents components,
      Subjects subjects) {
    this.subjects = subjects;
    this.table = table;
    this.limits = limits;
    this.execution = execution;
    this.components = components;
  }

  /// Whether the client wants to speak WebSocket at all.
  public static boolean wanted(Request request) {
    return request.getHeaders().contains(HttpHeader.UPGRADE, "websocket");
  }

  /// What is wrong with the request, as a sentence; empty if the handshake can go on.
  public static Optional<String> fault(Request request) {
    if (!HttpMethod.GET.is(request.getMethod())) {
      return Optional.of("a WebSocket handshake is a GET");
    }
    if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1) {
      return Optional.of("a WebSocket handshake needs HTTP/1.1");
    }
    if (!request.getHeaders().contains(HttpHeader.CONNECTION, "upgrade")) {
      return Optional.of("a WebSocket handshake carries 'Connection: Upgrade'");
    }
    if (!validKey(request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY))) {
      return Optional.of("Sec-WebSocket-Key is 16 bytes in Base64");
    }
    return Optional.empty();
  }

  /// Whether the client speaks the version that the server speaks.
  public static boolean versionKnown(Request request) {
    return WebSocketConstants.SPEC_VERSION_STRING.equals(
        request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_VERSION));
  }

  private static boolean validKey(@Nullable String key) {
    if (key == null || key.length() != 24) {
      return false;
    }
    try {
      return Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// The client at the other end, if it was let in at a turnstile.
  public static @Nullable Guest guest(EndPoint endPoint) {
    // What is inside of TLS.
    EndPoint outer = endPoint instanceof EndPoint.Wrapper inner ? inner.unwrap() : endPoint;
    return outer instanceof Guest guest ? guest : null;
  }

  /// Answers the handshake; the socket goes on as `beginning` says.
  public void complete(Request request, Response response, Callback callback, Beginning beginning) {
    Connector connector = request.getConnectionMetaData().getConnector();
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
    int user = limits.metering().user(subjects.of(request), peer);
    Meter meter = limits.metering().meter(peer, user);
    ParkableWire lasting =
        beginning instanceof Beginning.Admitted admitted
            ? lasting(connector, endPoint, admitted.room(), admitted.messageBytes())
            : null;
    WebSocketWire wire = new WebSocketWire(table, limits, execution, lasting, beginning, meter);
    String protocol = beginning.protocol();
    RoomSession session = new RoomSession(wire, protocol, components);
    RoomConnection connection = RoomConnection.on(endPoint, connector, session, wire);
    connector.getEventListeners().forEach(connection::addEventListener);

    response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
    response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
    response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
    response
        .getHeaders()
        .put(
            HttpHeader.SEC_WEBSOCKET_ACCEPT,
            WebSocketUtils.hashKey(request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY)));
    if (protocol != null) {
      response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, protocol);
    }
    request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
    response.write(true, null, callback);
  }

  private @Nullable ParkableWire lasting(
      Connector connector, EndPoint endPoint, RoomId room, int messageBytes) {
    if (connector instanceof ParkingConnector parking
        && endPoint instanceof ParkingEndPoint
        && parking.parks()) {
      ParkingPlace place = places.of(parking);
      PackedWires packed = place.packed();
      if (packed != null) {
        packed.knows(room.namespace(), messageBytes);
      }
      return new ParkableWire(place, messageBytes);
    }
    return null;
  }

  private ParkingPlace place(ParkingConnector connector, boolean packs) {
    PackedWires packed = packs ? new PackedWires(table, connector) : null;
    ParkingPlace place =
        new ParkingPlace(
            table, limits, execution, components, connector, packed, new Gusts(limits.metering()));
    if (packed != null) {
      packed.belongTo(place);
    }
    return place;
  }
}
