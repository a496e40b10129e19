package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The command: measures our server, and workerd beside it, case by case and turn by turn.
public final class Compare {
  private static final Tool TOOL = new Tool("loadtest/compare", Options.USAGE);

  private final Options options;
  private final Results results = new Results();

  private Compare(Options options) {
    this.options = options;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    TOOL.run(
        arguments,
        words -> {
          Options options = Options.parse(words);
          Descriptors.check(options.scale().connections());
          // The folder with `dormouse` and `loadtest` in it.
          Path checkout = Path.of(System.getProperty("dormouse.checkout", ".")).toRealPath();
          new Compare(options).run(TOOL.line(words), checkout);
          return true;
        });
  }

  private void run(String command, Path checkout) throws IOException {
    Path work = checkout.resolve("loadtest/target/compare");
    Files.createDirectories(work);
    List<Contender> contenders = new ArrayList<>(List.of(ours(checkout, work)));
    Optional<Workerd> workerd =
        options.peer()
            ? Workerd.find(checkout.resolve("loadtest/peers/workerd"), work)
            : Optional.empty();
    if (options.limits()) {
      contenders.add(
          new Contender.Started(
              Dormouse.UNLIMITED, new Dormouse(checkout, work, Dormouse.NO_LIMITS)));
    }
    if (workerd.isPresent()) {
      contenders.add(new Contender.Started(workerd.get().name(), workerd.get()));
    } else if (options.peer()) {
      System.err.println("No peer: workerd's npm package could not be had, see " + work);
    }
    Map<String, String> facts = Machine.facts(work);
    measure(contenders);
    Optional<String> peer = contenders.stream().skip(1).map(Contender::name).findFirst();
    Report report = new Report(command, facts, contenders.getFirst().name(), peer, results);
    if (options.smoke()) {
      System.out.println("Every answer was right.");
    } else {
      System.out.print("\n" + report.markdown());
    }
    if (options.json().isPresent()) {
      Files.writeString(options.json().get(), Figures.json(report));
    }
  }

  private Contender ours(Path checkout, Path work) {
    return options
        .target()
        .<Contender>map(address ->
            new Contender.Given(
                address.getAuthority(), address, options.pid().flatMap(ProcessHandle::of)))
        .orElseGet(
            () -> new Contender.Started(Dormouse.NAME, new Dormouse(checkout, work, List.of())));
  }

  private void measure(List<Contender> contenders) throws IOException {
    if (options.cases().contains(Case.START)) {
      measureStarts(contenders);
    }
    List<Case> lasting = cases(EnumSet.of(Case.Kind.TALK, Case.Kind.WAKE));
    if (!lasting.isEmpty()) {
      measureLasting(lasting, contenders);
    }
    List<Case> memory = cases(EnumSet.of(Case.Kind.MEMORY));
    for (int run = 0; run < options.repeat(); run++) {
      for (Case one : memory) {
        for (Contender contender : run % 2 == 0 ? contenders : contenders.reversed()) {
          memory(one, contender);
        }
      }
    }
  }

  private List<Case> cases(Set<Case.Kind> kinds) {
    return options.cases().stream().filter(one -> kinds.contains(one.kind())).toList();
  }

  private void measureLasting(List<Case> cases, List<Contender> contenders) throws IOException {
    try (Field field = Field.open(contenders)) {
      for (int run = 0; run < options.repeat(); run++) {
        for (Case one : cases) {
          // Who goes first changes, so that neither always finds what the other left behind.
          for (Field.Player player : run % 2 == 0 ? field.players() : field.players().reversed()) {
            lasting(one, player);
          }
        }
      }
    }
  }

  private void measureStarts(List<Contender> contenders) throws IOException {
    for (int i = 0; i < options.starts(); i++) {
      for (Contender contender : contenders) {
        if (contender instanceof Contender.Started(String name, Contender.Launch launch)) {
          Calm.await(options.patience());
          try (ServerProcess server = launch.start()) {
            note(Case.START, name, Sample.ofStart(server.startMillis()));
          }
        }
      }
    }
  }

  private void lasting(Case one, Field.Player player) throws IOException {
    Calm.await(options.patience());
    try {
      Sample sample =
          one == Case.WAKE
              ? new Wake(options.scale(), options.warmUp())
                  .measure(player.address(), player.process())
              : talk(one, player);
      note(one, player.name(), sample);
    } catch (WireException e) {
      throw told(one, player.name(), e);
    }
  }

  private void memory(Case one, Contender contender) throws IOException {
    try {
      note(
          one,
          contender.name(),
          new Memory(options.scale(), options.warmUp()).measure(one, contender));
    } catch (WireException e) {
      throw told(one, contender.name(), e);
    }
  }

  private static WireException told(Case one, String name, WireException e) {
    return new WireException(one.title() + ", " + name + ": " + e.getMessage(), e);
  }

  private Sample talk(Case one, Field.Player player) throws IOException {
    URI address = player.address();
    Tally tally = new Tally();
    try (Swarm swarm = Swarm.open(address, one.connections(), one::room, Pace.unbounded())) {
      one.awaitAll(address);
      Conversation conversation = one.conversation(room -> Http.counter(address, room), tally);
      Span span =
          swarm.converse(
              conversation,
              tally,
              new Meter(player.process()),
              options.warmUp(),
              options.measured());
      swarm.hangUp();
      return Sample.of(tally, span);
    }
  }

  private void note(Case one, String name, Sample sample) {
    results.add(one, name, sample);
    StringBuilder line = new StringBuilder("%s, %s:".formatted(one.title(), name));
    for (Measure measure : one.measures()) {
      if (sample.figures().containsKey(measure)) {
        line.append(' ').append(measure.title()).append(' ');
        line.append(measure.text(sample.figures().getOrDefault(measure, 0.0))).append(';');
      }
    }
    sample.remarks().forEach(remark -> line.append("\n    ").append(remark));
    System.err.println(line);
  }
}
