package dev.dormouse.room.sim;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A room that is forever falling asleep: it counts each connection's messages in the attachment,
/// and does something in between that may keep it awake.
final class SleeperRoom implements Room, SleeperCalls {
  private final SleeperWorld world;
  private final RoomContext context;

  SleeperRoom(SleeperWorld world, RoomContext context) {
    this.world = world;
    this.context = context;
  }

  @Override
  public void onStart(StartCause cause) {
    world.starts(context.id(), this, cause);
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    Admission.Accepted accepted =
        Admission.accept()
            .tagged("all", upgrade.parameter("tag").orElse("none"))
            .attached(bytes(0));
    return upgrade.parameter("quiet").isPresent() ? accepted.leavingQuietly() : accepted;
  }

  @Override
  public void onMessage(Connection connection, Message message) throws Exception {
    int number = Integer.parseInt(((Message.Text) message).text());
    world.enters(context.id(), this);
    try {
      world.says(connection.key(), number, ByteBuffer.wrap(connection.attachment()).getInt());
      connection.attach(bytes(number));
      somethingElse(connection);
    } finally {
      world.leaves(context.id(), this);
    }
  }

  private void somethingElse(Connection connection) throws Exception {
    switch (world.random.nextInt(10)) {
      case 0 -> write();
      case 1 -> outside(() -> context.sleep(Duration.ofMillis(world.random.nextInt(1_500))));
      case 2 -> outside(() -> context.storage().sync());
      case 3 -> outside(() -> other().knock());
      case 4 -> {
        world.alarmsSet++;
        context
            .alarms()
            .set(
                "alarm " + world.alarmsSet,
                context.clock().instant().plusMillis(world.random.nextInt(4_000)));
      }
      case 5 -> {
        world.timersSet++;
        context.after(Duration.ofMillis(world.random.nextInt(1_500)), this::later);
      }
      case 6 -> context.afterReply(() -> context.connections().count());
      case 7 -> context.connections().broadcast(Message.of("hear"), connection);
      case 8 -> {
        if (!world.calm) {
          throw new IllegalStateException("thrown on purpose");
        }
      }
      default -> {}
    }
  }

  /// Without a word: nothing but the write is under way then.
  private Void later() {
    write();
    world.timersDone++;
    return null;
  }

  private SleeperCalls other() {
    String name = "room " + world.random.nextInt(SleepSimulationTest.ROOMS);
    return context.rooms().stub(SleeperCalls.class, SleepSimulationTest.SPACE, name);
  }

  /// Others may enter meanwhile.
  private void outside(Runnable wait) {
    world.leaves(context.id(), this);
    wait.run();
    world.enters(context.id(), this);
  }

  private int write() {
    int count = context.storage().getText("count").map(Integer::parseInt).orElse(0) + 1;
    context.storage().putText("count", Integer.toString(count));
    world.counts(context.id(), count);
    return count;
  }

  @Override
  public void onClose(Connection connection, CloseStatus status) {
    world.enters(context.id(), this);
    world.ends(connection.key());
    world.leaves(context.id(), this);
  }

  @Override
  public void onAlarm(Alarm alarm) {
    world.alarmsFired++;
  }

  /// Lists the room's connections as `key attachment`, in order.
  @Override
  public HttpReply onRequest(HttpCall call) {
    StringBuilder all = new StringBuilder();
    context.connections().stream("all")
        .forEach(connection ->
            all.append(connection.key())
                .append(' ')
                .append(ByteBuffer.wrap(connection.attachment()).getInt())
                .append('\n'));
    return HttpReply.text(200, context.connections().count() + "\n" + all);
  }

  @Override
  public int knock() {
    return write();
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
