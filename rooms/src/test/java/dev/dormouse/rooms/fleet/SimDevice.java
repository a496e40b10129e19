package dev.dormouse.rooms.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.Admission;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A device in a test: does what it is told, in its own way, when it is asked to look.
public final class SimDevice {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// How a device takes a new firmware.
  public enum Manner {
    /// As it should.
    GOOD,
    /// It says that it could not.
    FAILS,
    /// It says that it will not.
    REJECTS,
    /// It takes it, and is not well with it.
    SICK,
    /// It takes it, and some time later has the old one again.
    FALLS_BACK,
    /// It never says anything.
    SILENT,
    /// It takes it, and will not go back.
    STUBBORN,
    /// It says everything twice, and what it said before once more.
    REPEATS;

    private boolean goesWrong() {
      return this == FAILS || this == REJECTS || this == SICK || this == FALLS_BACK;
    }
  }

  public final String name;
  public Manner manner;
  private final RoomTester tester;
  private final String old;
  private @Nullable FakeConnection connection;
  private int read;
  public String firmware;
  private long seen;
  private final List<String> said = new ArrayList<>();

  public SimDevice(RoomTester tester, String name, String firmware, Manner manner) {
    this.tester = tester;
    this.name = name;
    this.firmware = firmware;
    this.manner = manner;
    old = firmware;
  }

  /// Connects and says which firmware it has.
  public SimDevice plug() {
    connection = connect();
    read = 0;
    report();
    tester.settle();
    return this;
  }

  /// Tries again while the room is being built anew.
  private FakeConnection connect() {
    for (int i = 0; i < 60; i++) {
      if (tester.knock("device", "acme/" + name, RoomTester.upgrade(Map.of()))
          instanceof Answer.Admitted(Admission.Accepted accepted)) {
        return tester.opened("device", "acme/" + name, accepted);
      }
      tester.advance(Duration.ofSeconds(1));
    }
    throw new AssertionError(name + " is not admitted");
  }

  public void unplug() {
    if (connection != null) {
      connection.vanish();
      connection = null;
      tester.settle();
    }
  }

  /// The process it was connected to is gone.
  public void lost() {
    connection = null;
  }

  public boolean isPlugged() {
    return connection != null && connection.closed().isEmpty();
  }

  public FakeConnection line() {
    if (connection == null) {
      throw new AssertionError(name + " is not connected");
    }
    return connection;
  }

  public void say(String frame) {
    if (connection != null) {
      connection.send(frame);
    }
  }

  private void report() {
    boolean sick = manner == Manner.SICK && !firmware.equals(old);
    String frame =
        "{\"type\":\"report\",\"seen\":%d,\"state\":{\"firmware\":\"%s\",\"health\":\"%s\"}}"
            .formatted(seen, firmware, sick ? "bad" : "ok");
    say(frame);
    if (manner == Manner.REPEATS) {
      say(frame);
      said.forEach(this::say);
    }
    said.add(frame);
  }

  /// Reads what it was told meanwhile, and acts on it.
  ///
  /// @return whether there was anything
  public boolean look() {
    if (!isPlugged()) {
      return false;
    }
    List<String> texts = line().texts();
    boolean any = false;
    while (read < texts.size()) {
      any |= take(texts.get(read++));
    }
    return any;
  }

  private boolean take(String text) {
    JsonNode frame;
    try {
      frame = JSON.readTree(text);
    } catch (Exception e) {
      throw new AssertionError(text, e);
    }
    if (!frame.get("type").asText().equals("delta") || manner == Manner.SILENT) {
      return false;
    }
    long version = frame.get("version").asLong();
    if (version <= seen) {
      return false;
    }
    String wanted = frame.get("state").path("firmware").asText(firmware);
    boolean back = wanted.equals(old);
    if (!back && (manner == Manner.FAILS || manner == Manner.REJECTS)) {
      refuse(version, manner == Manner.FAILS ? "failed" : "rejected");
    } else if (back && manner == Manner.STUBBORN && !firmware.equals(old)) {
      refuse(version, "rejected");
    } else {
      seen = version;
      firmware = wanted;
      report();
    }
    return true;
  }

  private void refuse(long version, String status) {
    say(
        "{\"type\":\"progress\",\"seen\":%d,\"status\":\"%s\",\"reason\":\"by nature\"}"
            .formatted(version, status));
  }

  /// Time has passed: one that falls back does so now.
  public void age() {
    if (manner == Manner.FALLS_BACK && !firmware.equals(old)) {
      firmware = old;
      report();
    }
  }

  public boolean goesWrong() {
    return manner.goesWrong();
  }
}
