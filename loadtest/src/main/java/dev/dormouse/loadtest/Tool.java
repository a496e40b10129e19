package dev.dormouse.loadtest;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// A command of this module, as people type it.
///
/// Exit codes: 0 when all was as it should be, 1 when something was not or could not be done, 2 for
/// a command line that it does not understand.
///
/// @param name as it is typed
/// @param usage for who asks for `--help`, and who has mistyped
public record Tool(String name, String usage) {

  /// What it does with the words behind its name.
  @FunctionalInterface
  public interface Work {
    /// @return whether all was as it should be
    /// @throws Arguments.Misunderstood for words that it does not understand
    boolean with(List<String> words) throws IOException, InterruptedException;
  }

  /// Does it, and ends this JVM.
  public void run(String[] words, Work work) throws IOException, InterruptedException {
    Locale.setDefault(Locale.ROOT); // figures look the same everywhere
    System.exit(code(List.of(words), work));
  }

  /// Does it.
  ///
  /// @return the exit code
  int code(List<String> words, Work work) throws IOException, InterruptedException {
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(usage);
      return 0;
    }
    try {
      return work.with(words) ? 0 : 1;
    } catch (Arguments.Misunderstood e) {
      System.err.print(name + ": " + e.getMessage() + "\n\n" + usage);
      return 2;
    } catch (StartException | WireException e) {
      System.err.println(name + ": " + e.getMessage());
      return 1;
    }
  }

  /// The line that was typed.
  public String line(List<String> words) {
    return (name + " " + String.join(" ", words)).strip();
  }
}
