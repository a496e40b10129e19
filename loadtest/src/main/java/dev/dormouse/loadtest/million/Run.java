package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.Folders;
import dev.dormouse.loadtest.Footprint;
import dev.dormouse.loadtest.Machine;
import dev.dormouse.loadtest.Pause;
import dev.dormouse.loadtest.WireException;
import dev.dormouse.loadtest.figures.Series;
import dev.dormouse.loadtest.figures.Tick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One run from the first server to the last process stopped. Belongs to one thread; every wait in
/// it has an end.
final class Run {
  /// What the slowest opening may take beyond its plan.
  private static final Duration OPENING_SLACK = Duration.ofMinutes(3);

  private static final Duration TO_STOP = Duration.ofSeconds(60);
  private static final Duration USERS_START = Duration.ofSeconds(15);
  private static final Duration USERS_END = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration SAY = Duration.ofSeconds(10);
  private static final double USERS_A_SECOND = 100;

  private final String command;
  private final MillionOptions options;
  private final Plan plan;
  private final long limit;
  private final int heap;
  private final Path checkout;
  private final Path work;
  private final Clients clients;
  private final Series sleepers = new Series();
  private final Series plainUsers = new Series();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Child> holders = new ArrayList<>();
  private final List<Child> users = new ArrayList<>();
  private final Map<Outcome.Phase, Moment> phases = new EnumMap<>(Outcome.Phase.class);
  private final List<String> doubts = new ArrayList<>();

  Run(String command, MillionOptions options, Plan plan, long limit, int heap, Path checkout) {
    this.command = command;
    this.options = options;
    this.plan = plan;
    this.limit = limit;
    this.heap = heap;
    this.checkout = checkout;
    this.work = checkout.resolve("loadtest/target/million");
    this.clients = new Clients(checkout, work);
  }

  /// @throws WireException if a client ended before its time
  Outcome run() throws IOException, InterruptedException {
    Folders.delete(work);
    Files.createDirectories(work);
    Map<String, String> facts = Machine.facts(work);
    try {
      startServers();
      try (Watch watch = new Watch(nodes, options.every())) {
        return measure(watch, facts);
      }
    } finally {
      users.forEach(Child::close);
      holders.forEach(Child::close);
      nodes.forEach(node -> node.process().kill());
    }
  }

  private void startServers() throws IOException {
    for (int i = 1; i <= plan.servers(); i++) {
      nodes.add(Node.start("server-" + i, checkout, work, heap));
      System.err.print("\rservers up: " + i + " of " + plan.servers());
    }
    System.err.println();
  }

  private Outcome measure(Watch watch, Map<String, String> facts)
      throws IOException, InterruptedException {
    Footprint before = Footprint.of(nodes.getFirst().process().handle());
    enter(Outcome.Phase.START, watch);
    enter(Outcome.Phase.OPENING, watch);
    open(watch);
    enter(Outcome.Phase.ASLEEP, watch);
    pause(options.settle());
    Footprint asleep = Footprint.of(nodes.getFirst().process().handle());
    enter(Outcome.Phase.USERS, watch);
    boolean gatling = clients.hasGatling();
    Duration ramp = Duration.ofMillis(Math.round(options.users() / USERS_A_SECOND * 1_000));
    if (options.users() > 0) {
      startUsers(watch, gatling, ramp);
      pause(ramp.plus(USERS_START));
    }
    order("wake " + options.wake());
    enter(Outcome.Phase.WAKING, watch);
    pause(options.time());
    order("wake 0");
    Moment end = enter(Outcome.Phase.END, watch);
    census(end);
    Map<String, Tick> inTheEnd = new HashMap<>(sleepers.byProcess());
    List<Tick> userLines = stopUsers(gatling);
    if (gatling) {
      // They leave by themselves; what counts is when the others were stopped.
      userLines.stream()
          .filter(line -> line.second() <= end.second())
          .reduce((_, last) -> last)
          .ifPresent(last -> inTheEnd.put("users", last));
    }
    stopHolders();
    if (!gatling) {
      inTheEnd.putAll(plainUsers.byProcess());
    }
    long silent = watch.moments().stream().mapToLong(Moment::silent).sum();
    if (silent > 0) {
      doubts.add(silent + " times a server did not tell of itself within 20 s");
    }
    return new Outcome(
        command,
        facts,
        limit,
        heap,
        gatling,
        options,
        plan,
        before,
        asleep,
        phases,
        watch.moments(),
        sleepers.merged(),
        userLines,
        inTheEnd,
        doubts);
  }

  private Moment enter(Outcome.Phase phase, Watch watch) throws InterruptedException {
    System.err.println(phase.title());
    Moment moment = watch.look();
    phases.put(phase, moment);
    return moment;
  }

  private void open(Watch watch) throws IOException, InterruptedException {
    double rate = options.rate() / plan.servers();
    for (int i = 0; i < plan.servers(); i++) {
      Child holder =
          clients.holder(
              "holder-" + (i + 1),
              nodes.get(i).process().address(),
              plan.shares().get(i),
              options,
              rate,
              sleepers);
      holders.add(holder);
      watch.add(holder);
    }
    long planned = Math.round(plan.connections() / options.rate() * 1e9);
    // Three times as long on a busy machine, and then some.
    long deadline = System.nanoTime() + 3 * planned + OPENING_SLACK.toNanos();
    long say = System.nanoTime();
    while (true) {
      Tick now = sleepers.now().orElse(null);
      long settled = now == null ? 0 : now.open() + now.refused() + now.closed();
      if (settled >= plan.connections()) {
        long lost = settled - (now == null ? 0 : now.open());
        if (lost > 0) {
          doubts.add(
              "%,d connections were refused or closed while they were opened".formatted(lost));
        }
        return;
      }
      if (System.nanoTime() > deadline) {
        doubts.add("not all connections were open in time; the run went on with those that were");
        return;
      }
      if (System.nanoTime() > say) {
        System.err.printf("  %,d open%n", now == null ? 0 : now.open());
        say += SAY.toNanos();
      }
      checkAlive();
      Pause.of(LOOK);
    }
  }

  private void startUsers(Watch watch, boolean gatling, Duration ramp) throws IOException {
    if (!gatling) {
      System.err.println(
          "Gatling is not built (./build -Pload -pl loadtest test-compile): a holder plays the users");
    }
    if (gatling) {
      users.add(clients.gatling(nodes, options, ramp, options.time().plus(USERS_START)));
    } else {
      // Each server has its part of them, as the plan has it.
      for (int i = 0; i < plan.servers(); i++) {
        int first = (int) ((long) options.users() * i / plan.servers());
        int next = (int) ((long) options.users() * (i + 1) / plan.servers());
        if (next > first) {
          users.add(
              clients.plainUsers(
                  "users-" + (i + 1), nodes.get(i), options, next - first, plainUsers));
        }
      }
    }
    users.forEach(watch::add);
  }

  private void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      checkAlive();
      Pause.of(Duration.ofNanos(Math.clamp(end - System.nanoTime(), 1, LOOK.toNanos())));
    }
  }

  private void checkAlive() {
    for (Child holder : holders) {
      if (!holder.isAlive()) {
        throw new WireException(
            "%s ended with %d: see %s"
                .formatted(holder.name(), holder.exitCode(), work.resolve(holder.name() + ".err")));
      }
    }
    for (Node node : nodes) {
      if (!node.process().handle().isAlive()) {
        throw new WireException(
            node.name() + " has ended: see " + work.resolve(node.name() + ".log"));
      }
    }
  }

  private void order(String line) throws IOException {
    for (Child holder : holders) {
      holder.order(line);
    }
  }

  /// What clients hold and what servers say they hold should be the same.
  private void census(Moment end) {
    long held = sleepers.now().map(Tick::open).orElse(0L);
    end.ofServers(Scrape::open)
        .ifPresent(open -> {
          long most = held + options.users();
          if (open < held || open > most) {
            doubts.add(
                "the servers count %,d open connections, the holders %,d and %,d users"
                    .formatted(Math.round(open), held, options.users()));
          }
        });
  }

  private List<Tick> stopUsers(boolean gatling) throws IOException, InterruptedException {
    if (users.isEmpty()) {
      return List.of();
    }
    for (Child child : users) {
      if (!gatling) {
        child.order("stop");
      }
    }
    for (Child child : users) {
      if (!child.await(USERS_END)) {
        doubts.add(child.name() + " did not end by itself");
      } else if (child.exitCode() != 0) {
        doubts.add("%s ended with %d".formatted(child.name(), child.exitCode()));
      }
    }
    if (gatling) {
      return clients.usersLines();
    }
    return plainUsers.merged();
  }

  private void stopHolders() throws IOException, InterruptedException {
    order("stop");
    for (Child holder : holders) {
      if (!holder.await(TO_STOP)) {
        doubts.add(holder.name() + " did not stop when it was ordered to");
      }
    }
  }
}
