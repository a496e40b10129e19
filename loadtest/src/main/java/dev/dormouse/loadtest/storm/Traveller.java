package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.JsonObject;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Starts a saga over three rooms, one after the other: each ends as it must, completed or taken
/// back, and each step is done and undone exactly as often as that says.
final class Traveller implements Client {
  private final Wire wire;
  private final Findings findings;
  private final String room;
  private final Random random;

  private @Nullable Line line;
  private long started;
  private long refused;

  /// Of the saga under way; empty if there is none.
  private String underWay = "";

  private long ended;

  Traveller(Wire wire, Findings findings, String room, long seed) {
    this.wire = wire;
    this.findings = findings;
    this.room = room;
    this.random = new Random(seed);
  }

  @Override
  public String name() {
    return "sagas of " + room;
  }

  @Override
  public long acknowledged() {
    return ended;
  }

  @Override
  public void step() throws LostException, InterruptedException {
    if (underWay.isEmpty()) {
      started++;
      boolean refuses = random.nextBoolean();
      refused += refuses ? 1 : 0;
      underWay =
          "run s%d %s-a %s-b %s-c %s".formatted(started, room, room, room, refuses ? "no" : "ok");
    }
    settle();
  }

  /// Says again what is under way, which starts it if it has not begun, and waits for its end.
  private void settle() throws LostException, InterruptedException {
    Line open = line;
    if (open == null || !open.isOpen()) {
      open = Line.open(wire, wire.benchSocket("/sagas-ws/" + room));
      line = open;
      if (counted(room, "completed") + counted(room, "compensated") == started) {
        ended();
        return;
      }
    }
    long began = System.nanoTime();
    Fault fault = wire.weather().now();
    try {
      open.say(underWay);
      String id = "s" + started + " ";
      String news = open.hearText();
      while (!news.startsWith(id)) {
        news = open.hearText();
      }
      String wanted = underWay.endsWith("no") ? "COMPENSATED" : "COMPLETED";
      findings.check(news.equals(id + wanted), name(), underWay + " ended as " + news);
      wire.weather().answered(fault, System.nanoTime() - began);
      ended();
    } catch (LostException e) {
      // It may have ended unheard; a new connection asks.
      open.close();
      throw e;
    }
  }

  private void ended() {
    underWay = "";
    ended++;
  }

  private long counted(String of, String what) throws LostException, InterruptedException {
    return Json.object(wire.benchGet("/sagas/" + of).text()).number(what);
  }

  @Override
  public String check() throws LostException, InterruptedException {
    if (!underWay.isEmpty()) {
      settle();
    }
    compare(room, "completed", started - refused);
    compare(room, "compensated", refused);
    compare(room + "-a", "done", started);
    compare(room + "-a", "undone", refused);
    compare(room + "-b", "done", started);
    compare(room + "-b", "undone", refused);
    compare(room + "-c", "done", started - refused);
    return "";
  }

  private void compare(String of, String what, long wanted)
      throws LostException, InterruptedException {
    JsonObject counts = Json.object(wire.benchGet("/sagas/" + of).text());
    findings.check(
        counts.number(what) == wanted,
        name(),
        "%s has %d %s, not %d".formatted(of, counts.number(what), what, wanted));
  }
}
