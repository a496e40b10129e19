package dev.dormouse.storage.sql;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.SqlStorage;
import dev.dormouse.room.Upgrade;

// tag::scores
/// A table of scores: `ada 7` adds points, everybody hears who leads.
record Scores(RoomContext context) implements Room {
  static Namespace declaration() {
    return Namespace.named("scores", Scores::new)
        .withSql(
            "CREATE TABLE IF NOT EXISTS score (player TEXT PRIMARY KEY, points INTEGER NOT NULL)")
        .build();
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    String[] words = ((Message.Text) message).text().split(" ", 2);
    sql()
        .exec(
            "INSERT INTO score VALUES (?1, ?2) ON CONFLICT DO UPDATE SET points = points + ?2",
            words[0],
            Long.parseLong(words[1]));
    String leader =
        sql().exec("SELECT player FROM score ORDER BY points DESC LIMIT 1").one().getText("player");
    context.connections().broadcast(Message.of(leader + " leads"));
  }

  private SqlStorage sql() {
    return context.storage().sql();
  }
}
// end::scores
