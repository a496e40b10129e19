package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.talk.Documents;
import dev.dormouse.loadtest.talk.Editor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Editors of one document, who type in turn: what the room has acknowledged stays in the document,
/// nothing is in it twice, and all editors come to know all that was typed.
final class Writers implements Client {
  private final Wire wire;
  private final Findings findings;
  private final String document;
  private final List<Writer> writers = new ArrayList<>();
  private long acknowledged;
  private long turn;

  private static final class Writer {
    private final long id;
    private final Editor editor;
    private final StringBuilder typed = new StringBuilder();
    private @Nullable Line line;

    /// Whether its last change was not acknowledged yet.
    private boolean pending;

    Writer(long id) {
      this.id = id;
      this.editor = new Editor("text", id);
    }
  }

  Writers(Wire wire, Findings findings, String document, int count) {
    this.wire = wire;
    this.findings = findings;
    this.document = document;
    for (int i = 1; i <= count; i++) {
      writers.add(new Writer(1_000 + i));
    }
  }

  @Override
  public String name() {
    return "document";
  }

  @Override
  public long acknowledged() {
    return acknowledged;
  }

  @Override
  public void step() throws LostException, InterruptedException {
    Writer writer = writers.get((int) (turn++ % writers.size()));
    if (writer.pending) {
      settle(writer);
      return;
    }
    Line line = at(writer);
    String text = "%07d ".formatted(turn);
    byte[] change = writer.editor.type(text);
    writer.typed.append(text);
    writer.pending = true;
    try {
      line.say(change);
      confirm(writer, line);
    } catch (LostException e) {
      line.close();
      throw e;
    }
  }

  private Line at(Writer writer) throws LostException, InterruptedException {
    Line line = writer.line;
    if (line == null || !line.isOpen()) {
      line = Line.open(wire, wire.socket("/collab/" + document));
      line.say(Editor.nothingOfMyOwn());
      writer.line = line;
    }
    return line;
  }

  /// Offers the last change again, as somebody who comes back does.
  private void settle(Writer writer) throws LostException, InterruptedException {
    Line line = at(writer);
    try {
      line.say(writer.editor.again());
      confirm(writer, line);
    } catch (LostException e) {
      line.close();
      throw e;
    }
  }

  /// Asks for what this writer lacks, its own last change included.
  private void confirm(Writer writer, Line line) throws LostException, InterruptedException {
    Fault fault = wire.weather().now();
    long began = System.nanoTime();
    line.say(writer.editor.ask());
    while (true) {
      if (writer.editor.heard(line.hear()) instanceof Editor.Heard.Answered answered) {
        if (writer.pending) {
          findings.check(
              answered.holdsLast(), name(), "the last change of " + writer.id + " is not there");
          writer.pending = false;
          acknowledged++;
        }
        wire.weather().answered(fault, System.nanoTime() - began);
        return;
      }
    }
  }

  @Override
  public String check() throws LostException, InterruptedException {
    for (Writer writer : writers) {
      if (writer.pending) {
        settle(writer);
      }
    }
    for (Writer writer : writers) {
      confirm(writer, at(writer));
      findings.check(
          !writer.editor.misses(), name(), writer.id + " was told of a later change only");
    }
    Map<Long, String> stored =
        Documents.texts(wire.get("/rooms/collab/" + document + "/-/update").bytes());
    for (Writer writer : writers) {
      String text = stored.getOrDefault(writer.id, "");
      findings.check(
          text.contentEquals(writer.typed),
          name(),
          "%d typed %d characters, the document has %d"
              .formatted(writer.id, writer.typed.length(), text.length()));
      for (Writer other : writers) {
        if (other != writer && other.editor.knows(writer.id) != writer.typed.length()) {
          return other.id + " does not know all of " + writer.id;
        }
      }
    }
    return "";
  }

  @Override
  public long pace() {
    return 250;
  }
}
