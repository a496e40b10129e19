package dev.dormouse.rooms.fleet.registry;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.fleet.Address;
import dev.dormouse.rooms.fleet.DeviceFilter;
import dev.dormouse.rooms.fleet.DeviceNote;
import dev.dormouse.rooms.fleet.DevicePage;
import dev.dormouse.rooms.fleet.Fleet;
import dev.dormouse.rooms.fleet.Query;
import dev.dormouse.rooms.json.Json;
import java.util.Map;

/// A tenant's registry. Devices' rooms tell it what they are, and only when that has changed: a
/// heartbeat wakes neither them nor this.
///
/// Who is connected is known as of this process. When it has ended nobody is, and no device's room
/// need be woken to say so: the registry is, once, by an alarm of the next start.
public final class FleetRoom implements Room, Fleet {
  private static final String RESTART = "restart";
  private static final int MOST = 1_000;
  private static final int USUAL = 100;

  private final RoomContext context;
  private final Roll roll;

  public FleetRoom(RoomContext context) {
    this.context = context;
    roll = new Roll(context);
  }

  @Override
  public void onAlarm(Alarm alarm) {
    roll.restarted();
    context.alarms().setAtRestart(RESTART);
  }

  // ---- calls

  @Override
  public void note(DeviceNote note) {
    if (context.alarms().get(RESTART).isEmpty()) {
      context.alarms().setAtRestart(RESTART);
    }
    roll.note(note);
  }

  @Override
  public DevicePage page(DeviceFilter filter, String after, int limit) {
    return roll.page(filter, after, Math.clamp(limit, 1, MOST));
  }

  @Override
  public void rollout(String name, String status) {
    roll.rollout(name, status);
  }

  // ---- HTTP

  /// What the registry's address answers.
  record Summary(
      String tenant,
      long devices,
      long online,
      Map<String, Long> firmware,
      Map<String, String> rollouts) {}

  @Override
  public HttpReply onRequest(HttpCall call) {
    String tenant = context.id().name().orElse("");
    if (!Address.isWord(tenant)) {
      throw new Refusal.NotFound("a fleet is called by its tenant's name");
    }
    if (!call.method().equals("GET")) {
      return HttpReply.text(405, "allowed here: GET").header("allow", "GET");
    }
    return switch (call.path()) {
      case "" -> {
        Counts counts = roll.counts();
        yield HttpReply.json(
            200,
            Json.write(
                new Summary(
                    tenant,
                    counts.devices(),
                    counts.online(),
                    counts.firmware(),
                    roll.rollouts())));
      }
      case "devices" -> HttpReply.json(200, Json.write(devices(call)));
      default -> throw new Refusal.NotFound("a fleet has 'devices', not '" + call.path() + "'");
    };
  }

  private DevicePage devices(HttpCall call) {
    Query.allow(call, "firmware", "tag", "online", "after", "limit");
    DeviceFilter filter =
        new DeviceFilter(
                call.parameter("firmware").orElse(""),
                call.parameter("tag").orElse(""),
                call.parameter("online").orElse(""))
            .checked();
    String limit = call.parameter("limit").orElse(String.valueOf(USUAL));
    if (!limit.matches("[1-9][0-9]{0,3}") || Integer.parseInt(limit) > MOST) {
      throw new Refusal.Refused(400, "'limit' is 1 to " + MOST);
    }
    return roll.page(filter, call.parameter("after").orElse(""), Integer.parseInt(limit));
  }
}
