package dev.dormouse.loadtest.talk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Somebody who types into a shared document, and knows what the others typed: the part of a Yjs
/// document that is needed to speak y-protocols with a room, and to notice when the room loses
/// something.
///
/// A room does not acknowledge a change. So the editor asks for what it lacks, as if it did not
/// know its own last change (which `y-websocket` does too, with `resyncInterval`): the answer must
/// hold that change, and leaves the room once it is durable. Safe for any thread.
public final class Editor {
  /// What a client that has typed nothing answers to the room's first question.
  private static final byte[] EMPTY_UPDATE = {0, 0};

  private static final int SYNC = 0;
  private static final int ASK = 0;
  private static final int ANSWER = 1;
  private static final int CHANGE = 2;

  private final String root;
  private final long client;

  /// What the others typed, by who did. Guarded by this, as all that follows.
  private final Map<Long, Stretches> others = new HashMap<>();

  private long typed;
  private long typedBefore;
  private String last = "";
  private byte[] lastChange = nothingOfMyOwn();
  private boolean inStep;
  private long relayed;

  /// @param root the name of the shared text
  /// @param client a number that nobody else in the document has, below 2^53
  public Editor(String root, long client) {
    this.root = root;
    this.client = client;
  }

  /// What a frame of the room said.
  public sealed interface Heard {
    /// The room asks what this editor has that it lacks.
    record Asked() implements Heard {}

    /// The answer to [Editor#ask].
    ///
    /// @param holdsLast whether this editor's last change is in it
    record Answered(boolean holdsLast) implements Heard {}

    /// Others have typed these, of which this editor had not heard.
    record Told(List<String> texts) implements Heard {
      public Told {
        texts = List.copyOf(texts);
      }
    }

    /// About cursors.
    record Aside() implements Heard {}
  }

  /// The frame that types `text` behind what was typed before.
  public synchronized byte[] type(String text) {
    byte[] update = YBytes.typing(root, client, typed, text);
    typedBefore = typed;
    typed += text.length();
    last = text;
    lastChange = YBytes.sync(CHANGE, update);
    return lastChange.clone();
  }

  /// The frame of [#type] once more, for a room that has perhaps not taken it.
  public synchronized byte[] again() {
    return lastChange.clone();
  }

  /// The frame that asks for everything this editor lacks, and its own last change.
  public synchronized byte[] ask() {
    List<long[]> entries = new ArrayList<>();
    others.forEach((other, heard) -> entries.add(new long[] {other, heard.whole()}));
    entries.add(new long[] {client, typedBefore});
    entries.removeIf(entry -> entry[1] == 0);
    entries.sort((a, b) -> Long.compare(b[0], a[0]));
    YBytes known = new YBytes().varUint(entries.size());
    entries.forEach(entry -> known.varUint(entry[0]).varUint(entry[1]));
    return YBytes.sync(ASK, known.bytes());
  }

  /// The frame that answers the room's question in the beginning.
  public static byte[] nothingOfMyOwn() {
    return YBytes.sync(ANSWER, EMPTY_UPDATE);
  }

  /// Takes a frame of the room.
  ///
  /// @throws IllegalArgumentException if it is none that a room of typists can send
  public synchronized Heard heard(byte[] frame) {
    YReader in = new YReader(frame);
    if (in.varUint() != SYNC) {
      return new Heard.Aside();
    }
    long step = in.varUint();
    byte[] payload = in.part();
    if (step == ASK) {
      return new Heard.Asked();
    }
    List<YReader.Typed> all = YReader.update(payload);
    List<String> news =
        all.stream()
            .filter(one -> one.client() != client && isNews(one))
            .map(YReader.Typed::text)
            .collect(Collectors.toList());
    if (step == CHANGE) {
      relayed += news.size();
      return new Heard.Told(news);
    }
    inStep = true;
    boolean holdsLast =
        all.stream()
            .anyMatch(one ->
                one.client() == client && one.clock() == typedBefore && one.text().equals(last));
    return new Heard.Answered(holdsLast);
  }

  private boolean isNews(YReader.Typed one) {
    return others.computeIfAbsent(one.client(), _ -> new Stretches(0)).add(one.clock(), one.end());
  }

  /// True if something was told of that comes behind something that was not: the room has lost it.
  /// To be asked when all that arrived was taken.
  public synchronized boolean misses() {
    return inStep && others.values().stream().anyMatch(Stretches::hasHole);
  }

  /// How much this editor knows of what `other` typed, without a hole.
  public synchronized long knows(long other) {
    Stretches heard = others.get(other);
    return heard == null ? 0 : heard.whole();
  }

  /// How many changes of others the room has told of.
  public synchronized long relayed() {
    return relayed;
  }
}
