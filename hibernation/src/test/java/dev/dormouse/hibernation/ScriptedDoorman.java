package dev.dormouse.hibernation;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.spi.Doorman;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Does what it is told: a message is a list of deeds, `answer x; relay y; pass; close 4000; hold
/// 100; throw`. What is done when a connection comes or goes, and as time passes, is set by the
/// test. Writes down what it was told.
final class ScriptedDoorman implements Doorman {
  final List<String> log = new ArrayList<>();
  String atOpen = "";

  /// Run while a connection comes.
  Runnable whileJoining = () -> {};

  String atJoin = "";
  String atLeave = "";
  String atTick = "";
  private final @Nullable KeepAlive keepAlive;

  ScriptedDoorman() {
    this(null);
  }

  ScriptedDoorman(@Nullable KeepAlive keepAlive) {
    this.keepAlive = keepAlive;
  }

  @Override
  public Optional<KeepAlive> keepAlive() {
    return Optional.ofNullable(keepAlive);
  }

  @Override
  public Porch open(int maxBytes) {
    log.add("open " + maxBytes);
    ScriptedPorch porch = new ScriptedPorch();
    porch.act(atOpen);
    return porch;
  }

  /// What happened since the last look.
  List<String> taken() {
    List<String> all = List.copyOf(log);
    log.clear();
    return all;
  }

  private final class ScriptedPorch implements Porch {
    private int bytes;

    @Override
    public List<Verdict> joins(long connection, long now) {
      log.add("joins " + connection);
      whileJoining.run();
      return act(atJoin);
    }

    @Override
    public List<Verdict> hears(long connection, Message message, long now) {
      log.add("hears " + connection);
      return act(((Message.Text) message).text());
    }

    @Override
    public List<Verdict> leaves(long connection, long now) {
      log.add("leaves " + connection);
      return act(atLeave);
    }

    @Override
    public List<Verdict> ticks(long now) {
      log.add("ticks " + now);
      return act(atTick);
    }

    @Override
    public int bytes() {
      return bytes;
    }

    private List<Verdict> act(String script) {
      List<Verdict> verdicts = new ArrayList<>();
      for (String deed : script.split("; ", -1)) {
        String[] words = deed.split(" ", 2);
        switch (words[0]) {
          case "pass" -> verdicts.add(new Verdict.Pass());
          case "answer" -> verdicts.add(new Verdict.Answer(Message.of(words[1])));
          case "relay" -> verdicts.add(new Verdict.Relay(Message.of(words[1])));
          case "close" ->
              verdicts.add(new Verdict.Close(new CloseStatus(Integer.parseInt(words[1]), "")));
          case "hold" -> bytes = Integer.parseInt(words[1]);
          case "throw" -> throw new IllegalStateException("as the script says");
          default -> {}
        }
      }
      return verdicts;
    }
  }
}
