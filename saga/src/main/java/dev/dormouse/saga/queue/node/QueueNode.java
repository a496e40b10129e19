package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueLog;
import dev.dormouse.saga.queue.QueueMessage;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The queues of one process: their logs, their groups, and what the process around them may ask.
///
/// To be put together so, in this order; taken apart in the opposite one:
///
/// 1. [#open] opens the logs of all declared queues, or says exactly why it cannot.
/// 2. The node of rooms gets [#facility], by which all rooms send and consume, and [#namespace],
///    whose rooms are the groups.
/// 3. When that node runs, [#start] looks after what the last process left.
///
/// Thread-safe.
public final class QueueNode implements AutoCloseable {
  /// The namespace whose rooms are consumer groups, named `queue/group`.
  public static final String NAMESPACE = "_queue";

  /// A dead letter carries its origin, so that its queue takes more than the one it comes from.
  private static final int DEAD_LETTER_BYTES = 1024 * 1024;

  private final NavigableMap<String, OpenQueue> queues = new TreeMap<>();
  private final Execution execution;
  private final LongSupplier random;
  private final QueueObserver observer;
  private final String lineage;
  private final Sweep sweep;
  private volatile @Nullable Rooms rooms;
  private volatile boolean closed;

  private QueueNode(
      Collection<Queue> declarations,
      Logs logs,
      Execution execution,
      LongSupplier random,
      QueueObserver observer,
      String lineage) {
    this.execution = execution;
    this.random = random;
    this.observer = observer;
    this.lineage = lineage;
    for (Queue declaration : declarations) {
      if (queues.put(declaration.name(), new OpenQueue(declaration, true, logs)) != null) {
        throw new IllegalArgumentException("two queues are named '" + declaration.name() + "'");
      }
    }
    for (Queue declaration : declarations) {
      for (Queue.Group group : declaration.groups()) {
        queues.computeIfAbsent(
            group.deadLetters(),
            name ->
                new OpenQueue(
                    Queue.named(name).messageBytes(DEAD_LETTER_BYTES).build(), false, logs));
      }
    }
    for (OpenQueue queue : queues.values()) {
      checkGroups(queue);
      queue.declaration().groups().forEach(group -> queue.add(open(queue, group)));
    }
    sweep = new Sweep(queues.values(), execution);
  }

  /// Opens the logs of all declared queues; those that only take dead letters are opened when there
  /// is one. Blocks meanwhile.
  ///
  /// @throws IllegalArgumentException if the declarations do not fit together
  /// @throws LogException if a log cannot be opened; the message says what to do
  public static QueueNode open(Collection<Queue> declarations, Logs logs, Execution execution)
      throws LogException {
    return open(declarations, logs, execution, QueueObserver.NONE, "");
  }

  /// The same, on a data folder that may be a restored one, and tells `observer` what happens.
  ///
  /// @param lineage tells what is counted here from what its original counted after the backup;
  ///   empty for an original
  public static QueueNode open(
      Collection<Queue> declarations,
      Logs logs,
      Execution execution,
      QueueObserver observer,
      String lineage)
      throws LogException {
    return open(declarations, logs, execution, new SecureRandom()::nextLong, observer, lineage);
  }

  /// @param random makes lease ids that nobody can guess
  static QueueNode open(
      Collection<Queue> declarations,
      Logs logs,
      Execution execution,
      LongSupplier random,
      QueueObserver observer)
      throws LogException {
    return open(declarations, logs, execution, random, observer, "");
  }

  private static QueueNode open(
      Collection<Queue> declarations,
      Logs logs,
      Execution execution,
      LongSupplier random,
      QueueObserver observer,
      String lineage)
      throws LogException {
    QueueNode node = new QueueNode(declarations, logs, execution, random, observer, lineage);
    try {
      for (OpenQueue queue : node.queues.values()) {
        if (queue.isDeclared()) {
          queue.log();
        }
      }
      return node;
    } catch (LogException | RuntimeException | Error e) {
      node.queues.values().forEach(OpenQueue::close);
      throw e;
    }
  }

  private void checkGroups(OpenQueue queue) {
    boolean takesDeadLetters =
        queues.values().stream()
            .flatMap(each -> each.declaration().groups().stream())
            .anyMatch(group -> group.deadLetters().equals(queue.name()));
    if (queue.declaration().groups().isEmpty() && !takesDeadLetters) {
      throw new IllegalArgumentException(
          "queue '%s' has no group, so that nobody would ever get its messages: declare one with"
                  .formatted(queue.name())
              + " .group(name)");
    }
  }

  private OpenGroup open(OpenQueue queue, Queue.Group group) {
    return new OpenGroup(
        queue.name(),
        group,
        () -> room(queue.name(), group.name()),
        () -> closed,
        execution,
        observer);
  }

  private GroupCalls room(String queue, String group) {
    Rooms present = rooms;
    if (present == null) {
      throw new IllegalStateException("the queues have not been started");
    }
    return present.stub(GroupCalls.class, NAMESPACE, queue + "/" + group);
  }

  /// What every room gets: to send, and to be brought messages.
  public Facility facility() {
    return new QueueFacility(this);
  }

  /// The rooms that are consumer groups.
  public Namespace namespace() {
    return Namespace.system(NAMESPACE, context -> new GroupRoom(context, this))
        .calls(GroupCalls.class)
        .limits(
            RoomLimits.defaults()
                .withBacklog(16_384, 64 * 1024 * 1024)
                // What waits in a queue is bounded by its retention, not by a room's size.
                .withStored(Long.MAX_VALUE, Long.MAX_VALUE))
        .build();
  }

  /// Calls every group, for what came while nobody ran, and begins to look after retention. The
  /// rooms' node must run.
  public void start(Rooms rooms) {
    this.rooms = rooms;
    for (OpenQueue queue : queues.values()) {
      queue.groups().values().forEach(OpenGroup::poke);
    }
    if (queues.values().stream().anyMatch(OpenQueue::isDeclared)) {
      sweep.start(() -> closed);
    }
  }

  /// Why messages cannot be appended at present; empty while they can. Does not block.
  public Optional<String> trouble() {
    return queues.values().stream()
        .flatMap(
            queue -> queue.trouble().map(why -> "queue '" + queue.name() + "': " + why).stream())
        .findFirst();
  }

  /// What operators may look at and do.
  public QueueDesk desk() {
    return new Desk(this, execution);
  }

  /// What clients outside may do, over HTTP say.
  public QueueClient client() {
    return new Client(this, execution);
  }

  /// The names of all queues and of their groups, those that only take dead letters too: what an
  /// observer can be told of.
  public static SequencedMap<String, List<String>> names(Collection<Queue> declarations) {
    SequencedMap<String, List<String>> names = new TreeMap<>();
    for (Queue declaration : declarations) {
      names.put(declaration.name(), declaration.groups().stream().map(Queue.Group::name).toList());
    }
    for (Queue declaration : declarations) {
      declaration.groups().forEach(group -> names.putIfAbsent(group.deadLetters(), List.of()));
    }
    return names;
  }

  /// All queues in numbers; wakes no room. Blocks for reads of their logs.
  ///
  /// @throws LogException if a log cannot be read
  public QueueFigures figures() throws LogException, ExecutionException, InterruptedException {
    return QueueFigures.of(queues.values(), execution.instant().toEpochMilli());
  }

  /// What retention has to do, done now; blocks meanwhile. Happens by itself every now and then.
  public void sweep() {
    sweep.run();
  }

  /// Deletes no entry that is there now until what this gives is run, for who copies the logs.
  public Runnable keep() {
    return sweep.keep();
  }

  /// The open logs, by their queues' names; those of dead letters are opened if they exist.
  public Map<String, QueueLog> logs() throws LogException {
    Map<String, QueueLog> logs = new TreeMap<>();
    for (OpenQueue queue : queues.values()) {
      queue.logIfAny().ifPresent(log -> logs.put(queue.name(), log));
    }
    return logs;
  }

  /// How often [#sweep] happens by itself.
  public static final Duration SWEEP = Duration.ofMinutes(1);

  /// Closes the logs: what was taken is appended before. The rooms' node must have stopped.
  @Override
  public void close() {
    closed = true;
    queues.values().forEach(OpenQueue::close);
  }

  // ---- for the parts

  NavigableMap<String, OpenQueue> queues() {
    return queues;
  }

  LongSupplier random() {
    return random;
  }

  Execution execution() {
    return execution;
  }

  String lineage() {
    return lineage;
  }

  /// What keys end with that are made of a room's own count of messages.
  String keySuffix() {
    return lineage.isEmpty() ? "" : "~" + lineage;
  }

  /// @throws IllegalArgumentException if no such queue is declared
  OpenQueue declared(String queue) {
    OpenQueue open = queues.get(queue);
    if (open == null) {
      throw new IllegalArgumentException(
          "no queue '%s' is declared; there are %s".formatted(queue, queues.keySet()));
    }
    return open;
  }

  /// Appends, and returns when all is durable. Blocks meanwhile.
  ///
  /// @return the first one's position
  long append(String queue, List<QueueMessage> messages)
      throws LogException, ExecutionException, InterruptedException {
    OpenQueue open = declared(queue);
    execution.failpoint(QueueFailpoints.BEFORE_APPEND);
    try {
      long first = open.log().append(messages).get();
      execution.failpoint(QueueFailpoints.APPENDED);
      observer.published(queue, messages.size());
      open.appended();
      return first;
    } catch (LogException | ExecutionException e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      open.failed(String.valueOf(cause.getMessage()));
      throw e;
    }
  }
}
