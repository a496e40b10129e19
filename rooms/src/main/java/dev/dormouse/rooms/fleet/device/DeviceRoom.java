package dev.dormouse.rooms.fleet.device;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import dev.dormouse.rooms.fleet.Address;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.StepCommand;
import org.jspecify.annotations.Nullable;

/// A device. It connects by WebSocket and says what it is; operators say over HTTP what it should
/// be; sagas bring it to new firmware and back. All of that holds while it is offline.
///
/// The room sleeps while the device is connected and silent: its sign of life is answered without
/// the room.
public final class DeviceRoom implements Room, Participant {
  private static final String KNOWN = "known";

  private final RoomContext context;
  private final DeviceProtocol protocol = new JsonProtocol();
  private final Twin twin;
  private final Line line;
  private final Updating updating;
  private final Orders orders;

  public DeviceRoom(RoomContext context) {
    this.context = context;
    twin = new Twin(context);
    line = new Line(context, protocol);
    updating = new Updating(context, twin, line);
    orders = new Orders(context, line);
  }

  private Membership membership() {
    return new Membership(context, Address.required(context.id()), twin);
  }

  /// Whether it has ever connected.
  private boolean isKnown() {
    return context.storage().getText(KNOWN).isPresent();
  }

  @Override
  public void onStart(StartCause cause) {
    answerSigns();
    if (cause == StartCause.RESTARTED && isKnown()) {
      membership().restarted();
      updating.look();
    }
  }

  /// Said at the start, and again to a connection that is alone: what is said while there is none
  /// may be forgotten.
  private void answerSigns() {
    protocol
        .signOfLife()
        .ifPresent(sign -> context.connections().autoResponse(sign.request(), sign.answer()));
  }

  // ---- the device

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Address.of(context.id()).isPresent()
        ? Admission.accept()
        : Admission.refuse(404, "a device is called {tenant}/{device}");
  }

  @Override
  public void onOpen(Connection connection) {
    if (!isKnown()) {
      context.storage().putText(KNOWN, context.clock().instant().toString());
    }
    if (context.connections().count() == 1) {
      answerSigns();
    } else {
      line.replaceOthers();
    }
    if (twin.desired().version() > twin.seen() || !twin.delta().isEmpty()) {
      updating.tell();
    }
    updating.look();
    orders.tell();
    membership().mayHaveChanged(true);
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    if (!line.isCurrent(connection)) {
      return;
    }
    try {
      hear(protocol.read(message));
    } catch (BadJsonException e) {
      line.say(new Told.Wrong(String.valueOf(e.getMessage())));
      if (message instanceof Message.Binary) {
        connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
      }
    }
  }

  private void hear(Said said) {
    switch (said) {
      case Said.Report report -> report(report);
      case Said.Progress progress -> updating.progressed(progress);
      case Said.Done done -> orders.done(done);
      case Said.Tags(var tags) -> {
        membership().tags(tags);
        membership().mayHaveChanged(true);
      }
      case Said.Get _ -> line.say(new Told.States(twin.desired(), twin.reported()));
      case Said.Ping _ -> line.say(new Told.Pong());
    }
  }

  private void report(Said.Report report) {
    if (twin.isLate(report)) {
      line.say(new Told.Conflict(twin.reported().version()));
      return;
    }
    line.say(new Told.Reported(twin.report(report).version()));
    updating.look();
    membership().mayHaveChanged(true);
  }

  @Override
  public void onRefused(Connection connection, Refusal refusal) {
    line.say(
        refusal instanceof Refusal.VersionConflict conflict
            ? new Told.Conflict(conflict.current())
            : new Told.Wrong(String.valueOf(refusal.getMessage())));
  }

  @Override
  public void onClose(Connection connection, CloseStatus status) {
    line.leaving(connection);
    try {
      if (!line.isConnected()) {
        updating.look();
        membership().mayHaveChanged(false);
      }
    } finally {
      line.left();
    }
  }

  // ---- time

  @Override
  public void onAlarm(Alarm alarm) {
    switch (alarm.name()) {
      case Updating.ALARM -> updating.rang();
      case Orders.ALARM -> orders.rang();
      case Membership.ALARM -> membership().rang();
      default -> throw new IllegalStateException("no alarm '" + alarm.name() + "' is set here");
    }
  }

  // ---- sagas

  @Override
  public @Nullable Object onCommand(StepCommand command) {
    return updating.on(command);
  }

  // ---- operators

  @Override
  public HttpReply onRequest(HttpCall call) {
    Address address = Address.required(context.id());
    if (!isKnown()) {
      throw new Refusal.NotFound("a device " + address.room() + " never connected");
    }
    return new Desk(context, address, twin, orders, updating, membership().tags()).answer(call);
  }
}
