package dev.dormouse.rooms.collab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Doorman;
import dev.dormouse.room.spi.Doorman.Verdict;
import dev.dormouse.rooms.yjs.AwarenessUpdate;
import dev.dormouse.rooms.yjs.AwarenessUpdate.Entry;
import dev.dormouse.rooms.yjs.YMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Tabs that keep awareness as y-protocols and `y-websocket` do, repeating what they hear included,
/// with lines that are slow and break, before one doorman. In the end each sees who is there, and
/// nobody else.
class AwarenessSimulationTest {
  private static final int SEEDS = 400;
  private static final int STEPS = 200;
  private static final int TABS = 5;

  private final Doorman doorman = new AwarenessDoorman(CollabNamespace.LIMITS);
  private final List<Tab> tabs = new ArrayList<>();
  private final Map<Long, Tab> lines = new TreeMap<>();
  private Doorman.Porch porch = doorman.open(1 << 20);
  private long lastLine;
  private long now;
  private long ticked;

  private record Seen(long clock, String state, long heard) {
    boolean isThere() {
      return !state.equals("null");
    }
  }

  private final class Tab {
    final long client;
    final Map<Long, Seen> seen = new HashMap<>();
    final Deque<Message> in = new ArrayDeque<>();
    final Deque<Message> out = new ArrayDeque<>();
    long line = -1;

    Tab(long client) {
      this.client = client;
      seen.put(client, new Seen(0, "{}", now));
    }

    void connect() {
      line = ++lastLine;
      lines.put(line, this);
      act(line, porch.joins(line, now));
      if (mine().isThere()) {
        say(List.of(client));
      }
    }

    /// The line is gone: with what was on it, and with all that this tab knew of others.
    void disconnect() {
      lines.remove(line);
      act(-1, porch.leaves(line, now));
      if (lines.isEmpty()) {
        porch = doorman.open(1 << 20);
      }
      line = -1;
      in.clear();
      out.clear();
      seen.replaceAll((id, it) -> id == client ? it : new Seen(it.clock, "null", now));
    }

    Seen mine() {
      return seen.getOrDefault(client, new Seen(0, "null", now));
    }

    void set(String state) {
      seen.put(client, new Seen(mine().clock + 1, state, now));
      say(List.of(client));
    }

    void say(List<Long> clients) {
      if (line >= 0 && !clients.isEmpty()) {
        List<Entry> entries = new ArrayList<>();
        for (long each : clients) {
          Seen it = seen.getOrDefault(each, new Seen(0, "null", now));
          entries.add(new Entry(each, it.clock, it.state));
        }
        out.add(Message.of(new YMessage.AwarenessMessage(new AwarenessUpdate(entries)).encode()));
      }
    }

    void hear(Message message) throws Exception {
      if (!(YMessage.parse(message.bytes(), CollabNamespace.LIMITS)
          instanceof YMessage.AwarenessMessage(AwarenessUpdate update))) {
        throw new AssertionError("no awareness: " + message);
      }
      List<Long> changed = new ArrayList<>();
      for (Entry entry : update.entries()) {
        Seen known = seen.get(entry.client());
        long clock = known == null ? 0 : known.clock;
        boolean ends = entry.isGone() && known != null && known.isThere();
        if (clock < entry.clock() || (clock == entry.clock() && ends)) {
          // Nobody else can end this tab: it answers with a higher clock.
          seen.put(
              entry.client(),
              entry.client() == client && ends
                  ? new Seen(entry.clock() + 1, mine().state, now)
                  : new Seen(entry.clock(), entry.state(), now));
          changed.add(entry.client());
        }
      }
      say(changed);
    }

    /// What y-protocols does every three seconds.
    void look() {
      if (mine().isThere() && now - mine().heard >= 15_000) {
        set(mine().state);
      }
      List<Long> silent = new ArrayList<>();
      seen.forEach((id, it) -> {
        if (id != client && it.isThere() && now - it.heard >= 30_000) {
          silent.add(id);
        }
      });
      silent.forEach(id -> seen.computeIfPresent(id, (_, it) -> new Seen(it.clock, "null", now)));
      say(silent);
    }

    Map<Long, String> there() {
      Map<Long, String> there = new TreeMap<>();
      seen.forEach((id, it) -> {
        if (it.isThere()) {
          there.put(id, it.state);
        }
      });
      return there;
    }
  }

  private void act(long at, List<Verdict> verdicts) {
    for (Verdict verdict : verdicts) {
      switch (verdict) {
        case Verdict.Answer(Message message) -> tab(at).in.add(message);
        case Verdict.Relay(Message message) ->
            lines.forEach((line, tab) -> {
              if (line != at) {
                tab.in.add(message);
              }
            });
        case Verdict.Pass _, Verdict.Close _ -> throw new AssertionError(verdict);
      }
    }
  }

  private Tab tab(long line) {
    Tab tab = lines.get(line);
    if (tab == null) {
      throw new AssertionError("an answer to nobody");
    }
    return tab;
  }

  @Test
  void C6_in_the_end_everybody_sees_who_is_there_and_nobody_else() throws Exception {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        new AwarenessSimulationTest().play(new Random(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private void play(Random random) throws Exception {
    for (int i = 0; i < TABS; i++) {
      tabs.add(new Tab(100 + i));
    }
    for (int step = 0; step < STEPS; step++) {
      Tab tab = tabs.get(random.nextInt(TABS));
      switch (random.nextInt(12)) {
        case 0, 1 -> {
          if (tab.line < 0) {
            tab.connect();
          }
        }
        case 2 -> {
          if (tab.line >= 0) {
            tab.disconnect();
          }
        }
        case 3, 4 -> tab.set("{\"at\":" + step + "}");
        case 5 -> tab.set("null");
        case 6 -> advance(random.nextInt(8_000));
        case 7, 8, 9 -> deliverOut(tab);
        default -> deliverIn(tab);
      }
    }
    end();
  }

  private void deliverOut(Tab tab) {
    if (!tab.out.isEmpty()) {
      act(tab.line, porch.hears(tab.line, tab.out.removeFirst(), now));
    }
  }

  private static void deliverIn(Tab tab) throws Exception {
    if (!tab.in.isEmpty()) {
      tab.hear(tab.in.removeFirst());
    }
  }

  private void advance(long millis) {
    for (long end = now + millis; now < end; now = Math.min(end, now + 1_000)) {
      act(-1, porch.ticks(now));
      if (now - ticked >= 3_000) {
        ticked = now;
        tabs.forEach(Tab::look);
      }
    }
  }

  private void end() throws Exception {
    for (int second = 0; second < 70; second++) {
      advance(1_000);
      int messages = 0;
      while (tabs.stream().anyMatch(tab -> !tab.out.isEmpty() || !tab.in.isEmpty())) {
        for (Tab tab : tabs) {
          deliverOut(tab);
          deliverIn(tab);
        }
        assertThat(++messages).as("talk without end").isLessThan(2_000);
      }
    }
    Map<Long, String> there = new TreeMap<>();
    lines
        .values()
        .forEach(tab -> {
          if (tab.mine().isThere()) {
            there.put(tab.client, tab.mine().state);
          }
        });
    for (Tab tab : lines.values()) {
      assertThat(tab.there()).as("what %d sees", tab.client).isEqualTo(there);
    }
    long newcomer = ++lastLine;
    TreeSet<Long> handed = new TreeSet<>();
    for (Verdict verdict : porch.joins(newcomer, now)) {
      if (verdict instanceof Verdict.Answer(Message message)
          && YMessage.parse(message.bytes(), CollabNamespace.LIMITS)
              instanceof YMessage.AwarenessMessage(AwarenessUpdate update)) {
        update.entries().forEach(entry -> handed.add(entry.client()));
      }
    }
    assertThat(handed).isEqualTo(there.keySet());
  }
}
