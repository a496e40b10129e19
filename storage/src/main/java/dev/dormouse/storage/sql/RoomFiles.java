package dev.dormouse.storage.sql;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the rooms with SQL share, and the way to the strand of each.
///
/// Thread-safe.
final class RoomFiles {
  private final RoomStore index;
  private final SqlSettings settings;
  private final Execution execution;
  private final Places places;
  private final FileThreads threads;
  private final SqlObserver observer;
  private final Disk disk;
  private final OpenFiles open;
  private final CommitGate gate;
  private final Lane questions;
  private final Lane longQuestions;
  private final long openedAt;
  private final AtomicLong turns = new AtomicLong();
  private final AtomicLong positions;
  private final ConcurrentHashMap<RoomId, SqlRoom> rooms = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /// What a backup still copies; null while none is made.
  private volatile @Nullable RoomCopies copies;

  RoomFiles(
      RoomStore index,
      SqlSettings settings,
      Execution execution,
      Places places,
      FileThreads threads,
      SqlObserver observer) {
    this.index = index;
    this.settings = settings;
    this.execution = execution;
    this.places = places;
    this.threads = threads;
    this.observer = observer;
    gate = new CommitGate(execution);
    disk = new Disk(places, execution, threads.pool());
    open = new OpenFiles(settings.openFiles());
    questions = new Lane(Math.max(1, settings.threads() / 2), Integer.MAX_VALUE);
    longQuestions =
        new Lane(
            Math.max(1, settings.threads() / 4),
            Math.clamp(settings.openFiles() / 4, 1, ReadJob.MOST_WAITING));
    openedAt = execution.instant().toEpochMilli();
    // Larger in every later opening, without being stored.
    positions = new AtomicLong(index.epoch() << 40);
  }

  Executor pool() {
    return threads.pool();
  }

  Executor syncs() {
    return threads.syncs();
  }

  Execution execution() {
    return execution;
  }

  /// The store in which the rooms are found; its epoch is theirs.
  RoomStore index() {
    return index;
  }

  Places places() {
    return places;
  }

  SqlObserver observer() {
    return observer;
  }

  Disk disk() {
    return disk;
  }

  OpenFiles open() {
    return open;
  }

  SqlSettings settings() {
    return settings;
  }

  /// When alarms that waited for a start became overdue in a room of these numbers; negative if its
  /// file says so already.
  long restartDue(RoomFile.Numbers numbers) {
    return numbers.epoch() < index.epoch() ? openedAt : -1;
  }

  CommitGate gate() {
    return gate;
  }

  /// Where questions wait for a thread.
  Lane questions(boolean areLong) {
    return areLong ? longQuestions : questions;
  }

  @Nullable RoomCopies copies() {
    return copies;
  }

  void copies(@Nullable RoomCopies now) {
    copies = now;
  }

  boolean isClosed() {
    return closed;
  }

  FileTurn turn(RoomId room) {
    return new FileTurn(this, room, turns.incrementAndGet());
  }

  /// The next place in the order in which rooms with SQL became durable.
  Position position() {
    return new Position(-1, positions.incrementAndGet());
  }

  /// What the index holds of a room.
  CompletableFuture<RoomImage> indexed(RoomId room) {
    return index
        .load(room)
        .thenCompose(image ->
            image.keys() instanceof RoomImage.Whole
                ? CompletableFuture.completedFuture(image)
                : index
                    .list(room, KeyRange.all(), Long.MAX_VALUE)
                    .thenApply(entries -> whole(image, entries)));
  }

  private static RoomImage whole(RoomImage image, List<Storage.Entry> entries) {
    NavigableMap<String, byte[]> keys = KeyOrder.newMap();
    entries.forEach(entry -> keys.put(entry.key(), entry.value()));
    return new RoomImage(
        image.name(),
        image.sequence(),
        image.version(),
        image.schema(),
        image.size(),
        image.alarms(),
        new RoomImage.Whole(keys));
  }

  // ---- the rooms

  /// The rooms whose commits are on their way to the disk, each as what is done when they are
  /// there.
  List<CompletionStage<?>> syncing() {
    List<CompletionStage<?>> all = new ArrayList<>();
    for (SqlRoom room : rooms.values()) {
      CompletionStage<?> busy = room.syncing();
      if (busy != null) {
        all.add(busy);
      }
    }
    return all;
  }

  /// Does something while nothing else touches the room's file; it is given the file if that is
  /// open.
  void inStrand(RoomId id, Consumer<@Nullable OpenRoom> work) {
    put(
        id,
        room ->
            () -> {
              work.accept(room.open());
              return null;
            });
  }

  /// Puts a job in the strand of a room that is known.
  void put(SqlRoom room, Strand.Job job) {
    room.strand.putFirst(job);
    room.strand.kick();
  }

  /// Forgets a room that has nothing to do and no file open.
  void forget(SqlRoom room) {
    rooms.computeIfPresent(
        room.id,
        (_, known) -> known == room && room.strand.isIdle() && room.isClosed() ? null : known);
  }

  /// How many rooms have a file open, or something to do with it.
  int known() {
    return rooms.size();
  }

  void interrupt(RoomId id, FileTurn turn) {
    SqlRoom room = rooms.get(id);
    if (room != null) {
      room.interrupt(turn);
    }
  }

  /// Asks a room's file.
  ///
  /// @param create whether a room that has no file gets one
  <T extends @Nullable Object> CompletableFuture<T> ask(
      RoomId id, boolean create, Ask.Question<T> question) {
    return ask(id, room -> new Ask<>(room, create, question));
  }

  <T extends @Nullable Object> CompletableFuture<T> ask(RoomId id, Function<SqlRoom, Ask<T>> job) {
    CompletableFuture<T>[] answer = newArray();
    if (closed) {
      return CompletableFuture.failedFuture(new IllegalStateException("the store is closed"));
    }
    put(
        id,
        room -> {
          Ask<T> ask = job.apply(room);
          answer[0] = ask.answer();
          return ask;
        });
    return answer[0];
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <T extends @Nullable Object> CompletableFuture<T>[] newArray() {
    return new CompletableFuture[1];
  }

  /// Has something done in the room's open file, if it is open.
  void tell(RoomId id, Order order) {
    SqlRoom known = rooms.get(id);
    if (known == null || closed) {
      return;
    }
    put(
        id,
        room ->
            () -> {
              OpenRoom open = room.open();
              if (open != null) {
                try {
                  order.to(open);
                } catch (SQLException e) {
                  open.rollBackTurn();
                  room.doubt();
                }
              }
              return null;
            });
  }

  /// Something to be done in an open file.
  interface Order {
    void to(OpenRoom open) throws SQLException;
  }

  /// What is made for a room's strand.
  interface JobOf {
    Strand.Job in(SqlRoom room);
  }

  /// The room cannot be forgotten while a job is put in its strand.
  void put(RoomId id, JobOf job) {
    SqlRoom room =
        rooms.compute(
            id,
            (_, known) -> {
              SqlRoom there = known != null ? known : new SqlRoom(this, id);
              there.strand.put(job.in(there));
              return there;
            });
    room.strand.kick();
  }

  // ---- the end

  /// Lets go of all files at once, as if the process had died.
  void die() {
    closed = true;
    rooms.values().forEach(SqlRoom::die);
  }

  private void await(CompletableFuture<?> done) {
    Execution.Signal signal = execution.signal();
    var _ = done.whenComplete((_, _) -> signal.complete());
    boolean interrupted = false;
    while (!done.isDone()) {
      try {
        signal.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Closes all files once what was committed is answered, and ends the threads.
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<CompletableFuture<?>> closing = new ArrayList<>();
    for (RoomId id : rooms.keySet()) {
      CompletableFuture<?> done = new CompletableFuture<>();
      closing.add(done);
      put(
          id,
          room ->
              new Strand.Job() {
                @Override
                public @Nullable CompletionStage<?> run() {
                  CompletionStage<?> busy = room.closeForGood(this);
                  if (busy == null) {
                    done.complete(null);
                  }
                  return busy;
                }
              });
    }
    closing.forEach(this::await);
    threads.owned().forEach(ExecutorService::close);
  }
}
