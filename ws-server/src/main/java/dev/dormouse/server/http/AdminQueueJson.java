package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.saga.queue.DeadLetter;
import dev.dormouse.saga.queue.node.QueueDesk.GroupReport;
import dev.dormouse.saga.queue.node.QueueDesk.Logged;
import dev.dormouse.saga.queue.node.QueueDesk.QueueReport;
import dev.dormouse.saga.queue.node.QueueDesk.Seen;
import java.time.Instant;
import java.util.List;

/// Queues as JSON. `docs/admin.md` describes it.
final class AdminQueueJson {
  private AdminQueueJson() {}

  static ObjectNode queues(List<QueueReport> all) {
    ObjectNode json = Problem.JSON.createObjectNode();
    queues(json.putArray("queues"), all);
    return json;
  }

  static void queues(ArrayNode array, List<QueueReport> all) {
    all.forEach(queue -> array.add(queue(queue)));
  }

  static ObjectNode queue(QueueReport queue) {
    ObjectNode json = Problem.JSON.createObjectNode();
    json.put("queue", queue.name());
    json.put("first", queue.first());
    json.put("end", queue.end());
    json.put("bytes", queue.bytes());
    json.put("http", queue.http());
    ArrayNode others = json.putArray("deadLettersOf");
    queue.deadLettersOf().forEach(others::add);
    queue.trouble().ifPresent(trouble -> json.put("trouble", trouble));
    ArrayNode groups = json.putArray("groups");
    queue.groups().forEach(group -> groups.add(group(queue.name(), group)));
    return json;
  }

  static ObjectNode group(String queue, GroupReport group) {
    ObjectNode json = Problem.JSON.createObjectNode();
    json.put("queue", queue);
    json.put("group", group.name());
    group.delivery().ifPresent(to -> json.put("delivery", to));
    json.put("paused", group.paused());
    json.put("backlog", group.backlog());
    json.put("unread", group.unread());
    json.put("ready", group.ready());
    json.put("delayed", group.delayed());
    json.put("leased", group.leased());
    group.oldestMillis().ifPresent(millis -> json.put("oldestMillis", millis));
    json.put("dead", group.dead());
    json.put("letters", group.letters());
    json.put("acked", group.acked());
    json.put("redelivery", group.redelivery());
    json.put("lost", group.lost());
    json.put("deadLetterQueue", group.deadLetterQueue());
    group.trouble().ifPresent(trouble -> json.put("trouble", trouble));
    return json;
  }

  /// A page of a group's messages; a full one says where to go on.
  static ObjectNode messages(List<Seen> messages, int limit) {
    ObjectNode json = Problem.JSON.createObjectNode();
    ArrayNode array = json.putArray("messages");
    messages.forEach(message -> seen(array.addObject(), message));
    if (messages.size() == limit) {
      json.put("next", messages.getLast().position() + 1);
    }
    return json;
  }

  /// A page of a log; a full one says where to go on.
  static ObjectNode log(List<Logged> entries, int limit) {
    ObjectNode json = Problem.JSON.createObjectNode();
    ArrayNode array = json.putArray("messages");
    for (Logged entry : entries) {
      ObjectNode message = array.addObject();
      message.put("position", entry.position());
      message.put("key", entry.key());
      logged(message, entry);
    }
    if (entries.size() == limit) {
      json.put("next", entries.getLast().position() + 1);
    }
    return json;
  }

  private static void seen(ObjectNode json, Seen message) {
    json.put("position", message.position());
    json.put("key", message.key());
    json.put("state", message.state().name());
    json.put("attempts", message.attempts());
    time(json, "until", message.until());
    AdminSagaJson.text(json, "error", message.error());
    message.logged().ifPresent(logged -> logged(json, logged));
  }

  private static void logged(ObjectNode json, Logged logged) {
    AdminSagaJson.text(json, "source", logged.source());
    AdminSagaJson.text(json, "type", logged.type());
    AdminSagaJson.text(json, "orderingKey", logged.orderingKey());
    time(json, "appended", logged.appendedAt());
    time(json, "notBefore", logged.notBefore());
    logged.origin().ifPresent(origin -> origin(json.putObject("origin"), origin));
    json.put("contentType", logged.contentType());
    json.put("bytes", logged.bytes());
    json.put("preview", logged.preview());
  }

  private static void origin(ObjectNode json, DeadLetter origin) {
    json.put("queue", origin.queue());
    json.put("group", origin.group());
    json.put("position", origin.position());
    json.put("attempts", origin.attempts());
    AdminSagaJson.text(json, "error", origin.error());
  }

  private static void time(ObjectNode json, String name, long millis) {
    AdminSagaJson.time(json, name, millis == 0 ? null : Instant.ofEpochMilli(millis));
  }
}
