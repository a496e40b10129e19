package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.Refusal;
import dev.dormouse.saga.queue.MessageState;
import dev.dormouse.saga.queue.node.QueueDesk;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of the admin port that is about queues. Orders go into the server's log with who gave
/// them, since a queue keeps no history.
///
/// @param desk whom it asks
record AdminQueues(QueueDesk desk) {
  private static final Logger LOG = LoggerFactory.getLogger(AdminQueues.class);

  ObjectNode list(Request request) {
    FrontDoor.reading(request);
    Parameters.of(request, Set.of());
    return AdminQueueJson.queues(desk.queues());
  }

  ObjectNode queue(Request request, String queue) {
    FrontDoor.reading(request);
    Parameters.of(request, Set.of());
    return AdminQueueJson.queue(desk.queue(queue));
  }

  ObjectNode log(Request request, String queue) {
    FrontDoor.reading(request);
    AdminQueueQuery query = AdminQueueQuery.ofLog(request);
    return AdminQueueJson.log(desk.log(queue, query.from(), query.limit()), query.limit());
  }

  /// Answers about one group, or has something done to it.
  ObjectNode group(Request request, AdminAddress.OfGroup address) {
    String queue = address.queue();
    String group = address.group();
    return switch (address.wish()) {
      case LOOK -> {
        Parameters.of(request, Set.of());
        yield AdminQueueJson.group(queue, report(queue, group));
      }
      case MESSAGES -> messages(queue, group, AdminQueueQuery.ofGroup(request));
      case REDRIVE, PAUSE, RESUME, PURGE -> {
        Parameters.of(request, Set.of());
        yield give(request, queue, group, address.wish());
      }
    };
  }

  private ObjectNode messages(String queue, String group, AdminQueueQuery query) {
    Optional<MessageState> state = query.state();
    // What is dead and gone from the log cannot be driven again, and is not shown.
    return AdminQueueJson.messages(
        state.filter(MessageState.DEAD::equals).isPresent()
            ? desk.dead(queue, group, query.from(), query.limit())
            : desk.peek(queue, group, state.orElse(null), query.from(), query.limit()),
        query.limit());
  }

  private QueueDesk.GroupReport report(String queue, String group) {
    return desk.queue(queue).groups().stream()
        .filter(report -> report.name().equals(group))
        .findFirst()
        .orElseThrow(
            () -> new Refusal.NotFound("the queue '%s' has no group '%s'".formatted(queue, group)));
  }

  /// Carries an order out, and answers with how the group stands after it.
  private ObjectNode give(
      Request request, String queue, String group, AdminAddress.GroupWish wish) {
    OrderBody body = OrderBody.of(request, fields(wish));
    String actor = body.actor();
    long messages =
        switch (wish) {
          case REDRIVE -> redrive(queue, group, body.number("position"));
          case PAUSE -> {
            desk.pause(queue, group);
            yield 0;
          }
          case RESUME -> {
            desk.resume(queue, group);
            yield 0;
          }
          case PURGE -> desk.purge(queue, group);
          case LOOK, MESSAGES -> throw new IllegalArgumentException(wish + " is no order");
        };
    LOG.info(
        "{} had group '{}' of queue '{}' do: {} ({} messages)",
        actor,
        group,
        queue,
        wish.word(),
        messages);
    ObjectNode json = AdminQueueJson.group(queue, report(queue, group));
    json.put("messages", messages);
    return json;
  }

  static Set<String> fields(AdminAddress.GroupWish wish) {
    return wish == AdminAddress.GroupWish.REDRIVE ? Set.of("actor", "position") : Set.of("actor");
  }

  private long redrive(String queue, String group, OptionalLong position) {
    if (position.isEmpty()) {
      return desk.redriveAll(queue, group);
    }
    desk.redrive(queue, group, position.getAsLong());
    return 1;
  }
}
