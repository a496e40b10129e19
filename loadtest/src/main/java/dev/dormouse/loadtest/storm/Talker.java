package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.JsonObject;
import dev.dormouse.loadtest.talk.Member;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Somebody who talks in a conversation, and somebody who listens: what was said is there once, in
/// order, without holes, and the listener has heard all of it, however often either was cut off.
final class Talker implements Client {
  private static final int PAGE = 200;

  private final Wire wire;
  private final Findings findings;
  private final String room;
  private final Seat talking;
  private final Seat listening;

  /// Said and acknowledged, and not yet seen in the history.
  private final Deque<String> said = new ArrayDeque<>();

  /// The frame under way and its text; empty if there is none.
  private String frame = "";

  private String text = "";
  private long number;
  private long offset;
  private long acknowledged;

  /// Somebody in the conversation.
  private static final class Seat {
    private final Member member;
    private @Nullable Line line;

    Seat(String name) {
      member = new Member(name);
    }
  }

  Talker(Wire wire, Findings findings, String room) {
    this.wire = wire;
    this.findings = findings;
    this.room = room;
    this.talking = new Seat("talker");
    this.listening = new Seat("listener");
  }

  @Override
  public String name() {
    return "chat";
  }

  @Override
  public long acknowledged() {
    return acknowledged;
  }

  private Line at(Seat seat) throws LostException, InterruptedException {
    Line line = seat.line;
    if (line != null && line.isOpen()) {
      return line;
    }
    Line open = Line.open(wire, wire.socket("/chat/" + room));
    try {
      open.say(seat.member.join());
      while (true) {
        if (seat.member.heard(open.hearText()) instanceof Member.Heard.Joined joined) {
          findings.check(joined.whole(), name(), "somebody who came back was not told all");
          seat.line = open;
          return open;
        }
      }
    } catch (LostException e) {
      open.close();
      throw e;
    }
  }

  @Override
  public void step() throws LostException, InterruptedException {
    at(listening);
    Line line = at(talking);
    if (frame.isEmpty()) {
      number++;
      text = "text " + number;
      frame = talking.member.post(text);
    }
    Fault fault = wire.weather().now();
    long began = System.nanoTime();
    try {
      line.say(frame);
      while (true) {
        Member.Heard heard = talking.member.heard(line.hearText());
        if (heard instanceof Member.Heard.Posted posted
            && posted.id().equals(talking.member.lastId())) {
          wire.weather().answered(fault, System.nanoTime() - began);
          acknowledged++;
          said.add(text);
          frame = "";
          break;
        }
        if (heard instanceof Member.Heard.Refused refused) {
          wire.weather().refused(fault);
          throw new LostException("refused: " + refused.code());
        }
      }
    } catch (LostException e) {
      line.close();
      throw e;
    }
    listen();
  }

  private void listen() {
    Line line = listening.line;
    if (line != null) {
      for (byte[] heard = line.heardAlready(); heard != null; heard = line.heardAlready()) {
        listening.member.heard(new String(heard, StandardCharsets.UTF_8));
      }
    }
  }

  @Override
  public String check() throws LostException, InterruptedException {
    if (!frame.isEmpty()) {
      step();
    }
    at(listening);
    history();
    findings.check(said.isEmpty(), name(), "acknowledged and not there: " + said);
    said.clear();
    listen();
    return listening.member.offset() == offset && !listening.member.misses()
        ? ""
        : "the listener is at %d of %d".formatted(listening.member.offset(), offset);
  }

  private void history() throws LostException, InterruptedException {
    while (true) {
      String path = "/rooms/chat/%s/-/messages?after=%d&limit=%d".formatted(room, offset, PAGE);
      JsonObject answer = Json.object(wire.get(path).text());
      List<JsonObject> messages = new ArrayList<>(answer.objects("messages"));
      for (JsonObject message : messages) {
        String wanted = String.valueOf(said.poll());
        findings.check(
            message.number("offset") == offset + 1 && message.text("text").equals(wanted),
            name(),
            "behind %d stands %s, not '%s'".formatted(offset, message.fields(), wanted));
        offset = message.number("offset");
      }
      if (!answer.truth("more")) {
        return;
      }
    }
  }

  @Override
  public long pace() {
    return 400;
  }
}
