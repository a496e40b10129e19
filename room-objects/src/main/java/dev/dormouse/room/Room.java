package dev.dormouse.room;

/// One live object for one id in the world: it sees one event at a time, owns its storage and its
/// alarms, and talks to the connections that were admitted to it.
///
/// A room is plain Java. It is built by its namespace's factory with a [RoomContext], may keep
/// fields as a cache of its storage, and overrides only the handlers that it cares about. Each
/// handler runs in one or more *turns*: what a turn wrote, set and sent takes effect as a whole
/// when the turn ends, and never happened when it throws (T2, T3).
///
/// A [Refusal] thrown out of a handler undoes the turn, answers whoever asked, and keeps the
/// instance; who throws one promises that no field was changed. Anything else thrown ends the
/// incarnation: the instance is dropped and built anew at the next event (T4). Connections stay
/// open in both cases.
///
/// To make calls possible, the class implements an interface that its namespace declares with
/// [Namespace.Builder#calls].
public interface Room {

  /// Runs once in every incarnation, before any other event; no event enters until it returns.
  default void onStart(StartCause cause) throws Exception {}

  /// Decides whether a client may connect. The connection joins after its handshake, just before
  /// [#onOpen]; a refusal answers the upgrade with its status.
  default Admission onConnect(Upgrade upgrade) throws Exception {
    return Admission.refuse(404, "this room takes no connections");
  }

  /// A connection has joined and may be sent to.
  default void onOpen(Connection connection) throws Exception {}

  /// A client said something.
  default void onMessage(Connection connection, Message message) throws Exception {}

  /// A connection is gone. It is still listed during this handler, and no longer after it.
  default void onClose(Connection connection, CloseStatus status) throws Exception {}

  /// A connection failed, by a broken frame or a broken socket; [#onClose] follows.
  default void onError(Connection connection, Throwable failure) throws Exception {}

  /// A message handler threw a refusal; the room may tell the client in its own protocol. Clients
  /// that negotiated the sub-protocol `dormouse.v1` have been told already (S3).
  default void onRefused(Connection connection, Refusal refusal) throws Exception {}

  /// Answers a plain HTTP request to the room.
  default HttpReply onRequest(HttpCall call) throws Exception {
    throw new Refusal.NotFound("this room answers no requests");
  }

  /// An alarm is due. It is deleted when this handler's last turn is durable, unless the handler
  /// set the same name again; a throw leads to another attempt later (A1).
  default void onAlarm(Alarm alarm) throws Exception {}
}
