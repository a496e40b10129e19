package dev.dormouse.loadtest.storm;

/// Compare-and-set on a counter that nobody else uses: every acknowledged version follows the one
/// before, and none is missing.
final class Counter implements Client {
  private static final int OK = 200;
  private static final int CONFLICT = 409;

  private final Wire wire;
  private final Findings findings;
  private final String room;

  /// The last version acknowledged.
  private long version;

  private boolean inDoubt;
  private long acknowledged;

  Counter(Wire wire, Findings findings, String room) {
    this.wire = wire;
    this.findings = findings;
    this.room = room;
  }

  @Override
  public String name() {
    return "compare-and-set " + room;
  }

  @Override
  public long acknowledged() {
    return acknowledged;
  }

  @Override
  public void step() throws LostException, InterruptedException {
    boolean doubted = inDoubt;
    inDoubt = true;
    Wire.Answer answer = wire.benchPost("/tx/" + room + "?expect=" + version);
    inDoubt = false;
    long now = Long.parseLong(answer.text().strip());
    boolean taken = answer.status() == OK && now == version + 1;
    boolean takenBefore = answer.status() == CONFLICT && doubted && now == version + 1;
    findings.check(
        taken || takenBefore,
        name(),
        "after " + version + " came " + answer.status() + " " + now + ", doubted: " + doubted);
    acknowledged++;
    version = now;
  }

  @Override
  public String check() throws LostException, InterruptedException {
    long stored = Long.parseLong(wire.benchGet("/get/" + room).text().strip());
    boolean good = stored == version || (inDoubt && stored == version + 1);
    findings.check(good, name(), "acknowledged up to " + version + ", stored is " + stored);
    return "";
  }
}
