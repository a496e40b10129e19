package dev.dormouse.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds the documentation to what is there: its Java is compiled, its links lead somewhere, and
/// each rule that is said to hold names a test that shows it.
class DocsSnippetsTest {
  private static final Path ROOT = root();

  /// A block of Java, with the line before it.
  private static final Pattern JAVA =
      Pattern.compile("(?m)^(?<before>.*)\\n```java\\n(?<code>(?s:.*?))^```$");

  private static final Pattern MARK =
      Pattern.compile("<!-- snippet: (?<file>\\S+)#(?<tag>\\S+) -->");
  private static final Pattern LINK = Pattern.compile("\\]\\((?<target>[^)#\\s]+)(?:#[^)]*)?\\)");
  private static final Pattern RULE =
      Pattern.compile(
          "(?ms)^- \\*\\*(?<rule>[A-Z]\\d)\\*\\* \\((?<status>[^)]+)\\)(?<text>.*?)(?=^- \\*\\*|^#|\\z)");
  private static final Pattern TEST_CLASS = Pattern.compile("`(\\w+(?:Test|IT|Contract))`");

  @Test
  void java_in_the_documentation_is_a_region_of_a_compiled_test() throws IOException {
    int blocks = 0;
    for (Path page : pages()) {
      Matcher java = JAVA.matcher(Files.readString(page));
      while (java.find()) {
        Matcher mark = MARK.matcher(java.group("before"));
        assertThat(mark.find())
            .as("%s: a block of Java without a snippet mark: %s", page, java.group("code"))
            .isTrue();
        assertThat(java.group("code").strip())
            .as("%s: %s", page, mark.group())
            .isEqualTo(region(ROOT.resolve(mark.group("file")), mark.group("tag")));
        blocks++;
      }
    }
    assertThat(blocks).isPositive();
  }

  @Test
  void links_between_pages_lead_to_files() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        String target = link.group("target");
        if (!target.contains(":") && !Files.exists(page.resolveSibling(target))) {
          broken.add(ROOT.relativize(page) + ": " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void each_rule_that_holds_names_a_test_that_shows_it() throws IOException {
    Map<String, String> tests = tests();
    Matcher rule = RULE.matcher(Files.readString(ROOT.resolve("docs/semantics.md")));
    List<String> unshown = new ArrayList<>();
    int rules = 0;
    while (rule.find()) {
      rules++;
      String name = rule.group("rule");
      List<String> classes =
          TEST_CLASS.matcher(rule.group("text")).results().map(found -> found.group(1)).toList();
      assertThat(tests.keySet()).as("the tests of %s", name).containsAll(classes);
      Pattern shown = Pattern.compile("\\b" + name + "_");
      boolean later = rule.group("status").equals("later");
      if (!later && classes.stream().noneMatch(it -> shown.matcher(tests.get(it)).find())) {
        unshown.add(name);
      }
    }
    assertThat(rules).as("T1 to X1").isEqualTo(42);
    assertThat(unshown).as("rules without a test of their name").isEmpty();
  }

  /// The lines between a tag and its end, without the indentation that they share.
  private static String region(Path file, String tag) throws IOException {
    String text = Files.readString(file);
    Matcher region =
        Pattern.compile("(?s)// tag::" + tag + "\\n(.*?)\\n *// end::" + tag + "\\b").matcher(text);
    assertThat(region.find()).as("a region '%s' in %s", tag, file).isTrue();
    return region.group(1).stripTrailing().stripIndent().strip();
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"));
        Stream<Path> top = Files.list(ROOT)) {
      return Stream.concat(docs, top).filter(it -> it.toString().endsWith(".md")).sorted().toList();
    }
  }

  /// All test classes of all modules by their simple names, contract suites among them.
  private static Map<String, String> tests() throws IOException {
    Map<String, String> tests = new TreeMap<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> folders =
          modules
              .flatMap(it -> Stream.of(it.resolve("src/test/java"), it.resolve("src/main/java")))
              .filter(Files::isDirectory)
              .toList();
      for (Path folder : folders) {
        try (Stream<Path> files = Files.walk(folder)) {
          files
              .filter(it -> it.toString().matches(".*(Test|IT|Contract)\\.java"))
              .forEach(it -> tests.merge(name(it), read(it), String::concat));
        }
      }
    }
    return tests;
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("ARCHITECTURE.md"))) {
      Path above = folder.getParent();
      if (above == null) {
        throw new IllegalStateException("no ARCHITECTURE.md above " + Path.of("").toAbsolutePath());
      }
      folder = above;
    }
    return folder;
  }
}
