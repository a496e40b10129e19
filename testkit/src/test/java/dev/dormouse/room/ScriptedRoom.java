package dev.dormouse.room;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A room that does what its [Script] says.
final class ScriptedRoom implements Room, Lines, Sharing {
  final Script script;
  final RoomContext context;

  /// A field like any room has: gone when the instance is.
  String field = "";

  ScriptedRoom(Script script, RoomContext context) {
    this.script = script;
    this.context = context;
  }

  private @Nullable String perform(String line, @Nullable Connection by) throws Exception {
    int colon = line.indexOf(':');
    return colon < 0
        ? script.perform(line, new Cue(this, by, "", line))
        : script.perform(
            line.substring(0, colon), new Cue(this, by, line.substring(colon + 1), line));
  }

  private void perform(String deed, @Nullable Connection by, Object what) throws Exception {
    script.perform(deed, new Cue(this, by, "", what));
  }

  @Override
  public void onStart(StartCause cause) throws Exception {
    perform(Script.START, null, cause);
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return script.admit(upgrade);
  }

  @Override
  public void onOpen(Connection connection) throws Exception {
    perform(Script.OPEN, connection, connection);
  }

  @Override
  public void onMessage(Connection connection, Message message) throws Exception {
    String line = message instanceof Message.Text text ? text.text() : "(binary)";
    String answer = perform(line, connection);
    if (answer != null) {
      connection.send(answer);
    }
  }

  @Override
  public void onClose(Connection connection, CloseStatus status) throws Exception {
    perform(Script.CLOSE, connection, status);
  }

  @Override
  public void onError(Connection connection, Throwable failure) throws Exception {
    perform(Script.FAILED, connection, failure);
  }

  @Override
  public void onRefused(Connection connection, Refusal refusal) throws Exception {
    perform(Script.REFUSED, connection, refusal);
  }

  @Override
  public HttpReply onRequest(HttpCall call) throws Exception {
    String answer = perform(call.path().replaceFirst("/", ":"), null);
    return HttpReply.text(200, answer == null ? "" : answer).version(context.storage().version());
  }

  @Override
  public void onAlarm(Alarm alarm) throws Exception {
    perform(Script.ALARM, null, alarm);
  }

  @Override
  public @Nullable String say(String line) throws Exception {
    return perform(line, null);
  }

  @Override
  public List<String> share(List<String> list) {
    list.add("b");
    return list;
  }
}
