package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/// Sets alarms, each in a room of its own that then sleeps: each rings once, not before it is due
/// by the server's clock, and soon after.
final class Ringer implements Client {
  private static final int LATEST_MS = 20_000;
  private static final int GRACE_MS = 5_000;

  /// Of so many alarms one is due after a time that only a clock that jumps gets over.
  private static final int FAR_EVERY = 10;

  private static final long FAR_MS = 3_600_000;

  /// What rang by so much after the look began, rang while the clock was ahead.
  private static final long ASKED_MS = 300_000;

  private final Wire wire;
  private final Findings findings;
  private final String prefix;
  private final Random random;

  /// Set and not seen to have rung.
  private final List<Waiting> waiting = new ArrayList<>();

  private int set;
  private long rung;

  /// @param due in milliseconds of the server's clock, at the latest
  /// @param earliest the same, at the earliest
  private record Waiting(String room, long earliest, long due) {}

  Ringer(Wire wire, Findings findings, String prefix, long seed) {
    this.wire = wire;
    this.findings = findings;
    this.prefix = prefix;
    this.random = new Random(seed);
  }

  @Override
  public String name() {
    return "alarms";
  }

  @Override
  public long acknowledged() {
    return rung;
  }

  @Override
  public void step() throws LostException, InterruptedException {
    set++;
    String room = prefix + "-" + set;
    long in = set % FAR_EVERY == 0 ? FAR_MS : 500 + random.nextInt(LATEST_MS);
    long before = clock(room);
    wire.benchPost("/alarm/" + room + "?ms=" + in);
    long after = clock(room);
    // The clock may have jumped in between; then only the later of both says when it must have
    // rung.
    waiting.add(new Waiting(room, Math.min(before, after) + in, Math.max(before, after) + in));
  }

  private long clock(String room) throws LostException, InterruptedException {
    return info(room).number("now");
  }

  private JsonObject info(String room) throws LostException, InterruptedException {
    return Json.object(wire.benchGet("/info/" + room).text());
  }

  @Override
  public String check() throws LostException, InterruptedException {
    long now = clock(prefix + "-0");
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting one = all.next();
      // Whoever is asked rings first what is due: only what had its time is asked.
      if (now > one.due() + GRACE_MS) {
        look(one, now);
        all.remove();
        rung++;
      }
    }
    return "";
  }

  private void look(Waiting one, long now) throws LostException, InterruptedException {
    JsonObject info = info(one.room());
    long alarms = info.number("alarms");
    findings.check(
        alarms == 1, name(), one.room() + " rang " + alarms + " times: " + info.fields());
    if (alarms == 1) {
      long at = ((Number) ((List<?>) info.list("alarmLog").getFirst()).getFirst()).longValue();
      findings.check(
          at >= one.earliest(),
          name(),
          one.room() + " rang " + (one.earliest() - at) + " ms early");
      findings.check(
          at < now || at > now + ASKED_MS,
          name(),
          "%s rang when it was asked, %d ms late".formatted(one.room(), now - one.due()));
    }
  }

  @Override
  public long pace() {
    return 900;
  }
}
