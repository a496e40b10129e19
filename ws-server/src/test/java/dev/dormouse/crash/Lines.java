package dev.dormouse.crash;

/// What a line of a client asks of an owner; [CrashServer] has the list.
final class Lines {
  private Lines() {}

  /// Does it, in a turn or by a call.
  ///
  /// @return the words after `told op`; empty if there are none
  static String does(OwnerCalls owner, String[] words) {
    return switch (words[0]) {
      case "begin" -> owner.begin(words[3], words[4], errand(words));
      case "status" -> owner.status(words[3]);
      case "version" -> Long.toString(owner.version());
      case "swap" -> {
        owner.swap(Long.parseLong(words[3]), words[1]);
        yield words[3];
      }
      case "send" -> {
        owner.send(words[1], words[3]);
        yield "";
      }
      case "cancel", "pause", "resume" -> {
        owner.verb(words[0], words[3]);
        yield "";
      }
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  /// The line that answers.
  static String told(OwnerCalls owner, String[] words) {
    return ("told " + words[1] + " " + does(owner, words)).strip();
  }

  private static Errand errand(String[] words) {
    return new Errand(
        Integer.parseInt(words[5]),
        word(words[6]),
        word(words[7]),
        word(words[8]),
        word(words[9]),
        word(words[10]));
  }

  private static String word(String word) {
    return word.equals("-") ? "" : word;
  }
}
