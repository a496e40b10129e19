package dev.dormouse.loadtest.storm;

/// What is done to the server.
enum Fault {
  /// Nothing, between the others.
  CALM("nothing"),
  KILL("`kill -9`, and a start at once"),
  STOP("`SIGSTOP` for 1 to 20 s, then `SIGCONT`"),
  FULL("the disk is full, then has room again"),
  SLOW("each sync takes 5 to 200 ms more"),
  CLOCK("the wall clock jumps by up to 4 h, forth or back, and later back again"),
  KILL_STOPPED("`SIGSTOP`, and `kill -9` while it stands still"),
  KILL_FULL("`kill -9` on a full disk, a start when there is room again"),
  KILL_SLOW("`kill -9` while syncs are slow, a start while they still are"),
  KILL_CLOCK("`kill -9`, a start with a clock hours away, which is set right later"),
  BACKUP("a backup is made and read whole");

  /// For people, in Markdown.
  final String means;

  Fault(String means) {
    this.means = means;
  }
}
