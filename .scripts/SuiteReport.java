import static java.util.Comparator.comparingDouble;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingDouble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/// Reads the XML reports a build left behind and says what took how long, what failed and what was
/// skipped. The last line is `N passed, N failed, N skipped`; the exit code is 0 only if nothing
/// failed and, in CI, nothing was skipped.
///
/// Run as a source file by `./build`, with the checkout, the list of steps that failed, the list of
/// what the script left out (`what`, tab, `why`), the seconds of the whole run, and `true` in CI.
final class SuiteReport {
  private record Suite(
      String kind, String module, String name, double seconds, List<Case> cases) {
    long count(Class<? extends Outcome> outcome) {
      return cases.stream().filter(test -> outcome.isInstance(test.outcome())).count();
    }
  }

  private record Case(String name, Outcome outcome) {}

  private sealed interface Outcome {
    record Passed() implements Outcome {}

    record Failed(String message) implements Outcome {}

    record Skipped(String why) implements Outcome {}
  }

  private SuiteReport() {}

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    List<String> failedSteps = Files.readAllLines(Path.of(args[1]));
    List<String> leftOut = Files.readAllLines(Path.of(args[2]));
    boolean ci = args[4].equals("true");

    List<Suite> suites = suites(root);
    printTimes(suites, args[3]);

    long failed = printFailures(suites, failedSteps);
    long skipped = printSkipped(suites, leftOut, ci);
    long passed = suites.stream().mapToLong(suite -> suite.count(Outcome.Passed.class)).sum();
    System.out.printf("%d passed, %d failed, %d skipped%n", passed, failed, skipped);
    System.exit(failed > 0 || (ci && skipped > 0) ? 1 : 0);
  }

  private static void printTimes(List<Suite> suites, String wholeSeconds) {
    System.out.printf("%9s %6s  %-13s %-13s %s%n", "seconds", "tests", "kind", "module", "suite");
    suites.stream()
        .sorted(comparingDouble(Suite::seconds).reversed())
        .forEach(
            suite ->
                System.out.printf(
                    "%9.2f %6d  %-13s %-13s %s%n",
                    suite.seconds(),
                    suite.cases().size(),
                    suite.kind(),
                    suite.module(),
                    suite.name()));
    suites.stream()
        .collect(groupingBy(Suite::kind, TreeMap::new, summingDouble(Suite::seconds)))
        .forEach((kind, seconds) -> System.out.printf("%9.2f         %s, all%n", seconds, kind));
    System.out.printf("%9s         the whole build%n%n", wholeSeconds);
  }

  /// Prints what failed and returns how much: each test, and each step that failed without a
  /// failing test in it, such as one that did not compile.
  private static long printFailures(List<Suite> suites, List<String> failedSteps) {
    List<String> lines = new ArrayList<>();
    for (Suite suite : suites) {
      for (Case test : suite.cases()) {
        if (test.outcome() instanceof Outcome.Failed(String message)) {
          lines.add(suite.module() + " " + suite.name() + ": " + test.name() + ": " + message);
        }
      }
    }
    for (String step : failedSteps) {
      boolean explained =
          suites.stream()
              .anyMatch(
                  suite ->
                      step.startsWith(suite.kind()) && suite.count(Outcome.Failed.class) > 0);
      if (!explained) {
        lines.add(step + ": see target/build/" + step.replace(' ', '-') + ".log");
      }
    }
    print("Failed", lines);
    return lines.size();
  }

  private static long printSkipped(List<Suite> suites, List<String> leftOut, boolean ci) {
    List<String> lines = new ArrayList<>();
    for (Suite suite : suites) {
      for (Case test : suite.cases()) {
        if (test.outcome() instanceof Outcome.Skipped(String why)) {
          lines.add(suite.module() + " " + suite.name() + ": " + test.name() + ": " + why);
        }
      }
    }
    for (String line : leftOut) {
      lines.add(line.replace("\t", ": "));
    }
    print(ci ? "Skipped, which fails a build in CI" : "Skipped", lines);
    return lines.size();
  }

  private static void print(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      System.out.println(title + ":");
      lines.forEach(line -> System.out.println("  " + line));
      System.out.println();
    }
  }

  private static List<Suite> suites(Path root) throws Exception {
    List<Suite> suites = new ArrayList<>();
    for (Path module : folders(root)) {
      String name = root.relativize(module).toString();
      Path target = module.resolve("target");
      read(suites, "unit", name, target.resolve("surefire-reports"));
      read(suites, "integration", name, target.resolve("failsafe-reports"));
      String node = name.equals("e2e") ? "end-to-end" : "editor";
      read(suites, node, name, target.resolve("node-reports"));
    }
    return suites;
  }

  private static List<Path> folders(Path root) throws IOException {
    try (Stream<Path> found = Files.find(root, 2, (_, about) -> about.isDirectory())) {
      return found.filter(folder -> Files.isDirectory(folder.resolve("target"))).sorted().toList();
    }
  }

  private static void read(List<Suite> suites, String kind, String module, Path reports)
      throws Exception {
    if (!Files.isDirectory(reports)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(reports)) {
      files = all.filter(SuiteReport::isReport).sorted().toList();
    }
    for (Path file : files) {
      Element top =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement();
      List<Case> cases = elements(top.getElementsByTagName("testcase")).map(SuiteReport::test).toList();
      String fileName = file.getFileName().toString();
      String name = fileName.substring("TEST-".length(), fileName.length() - ".xml".length());
      suites.add(new Suite(kind, module, name, seconds(top), cases));
    }
  }

  private static boolean isReport(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("TEST-") && name.endsWith(".xml");
  }

  /// The suite's own time, or the sum of what stands directly beneath it.
  private static double seconds(Element suite) {
    if (suite.hasAttribute("time")) {
      return Double.parseDouble(suite.getAttribute("time").replace(",", ""));
    }
    return elements(suite.getChildNodes()).mapToDouble(SuiteReport::seconds).sum();
  }

  private static Case test(Element test) {
    String nested = test.getAttribute("classname").replaceFirst("^[^$]*\\$?", "");
    String name = test.getAttribute("name");
    return new Case(nested.isEmpty() ? name : nested + "." + name, outcome(test));
  }

  private static Outcome outcome(Element test) {
    for (String failure : List.of("failure", "error")) {
      if (test.getElementsByTagName(failure).item(0) instanceof Element found) {
        return new Outcome.Failed(inOneLine(found));
      }
    }
    if (test.getElementsByTagName("skipped").item(0) instanceof Element found) {
      return new Outcome.Skipped(inOneLine(found));
    }
    return new Outcome.Passed();
  }

  private static String inOneLine(Element found) {
    String message = found.getAttribute("message");
    String text = message.isBlank() ? found.getTextContent() : message;
    String line = text.strip().replaceAll("\\s+", " ");
    return line.isEmpty() ? "no reason given" : line.substring(0, Math.min(line.length(), 300));
  }

  private static Stream<Element> elements(NodeList nodes) {
    return IntStream.range(0, nodes.getLength())
        .<Node>mapToObj(nodes::item)
        .filter(Element.class::isInstance)
        .map(Element.class::cast);
  }
}
