package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// A look at some rooms before and after a silence: whether they slept in it. Both looks wake them.
///
/// @param rooms those that are looked at
/// @param built how often each was built before
record Look(URI server, List<String> rooms, List<Long> built) {
  private static final int AT_MOST = 20;

  /// The first look, at rooms spread evenly over `count`.
  static Look at(URI server, int count, IntFunction<String> room) throws IOException {
    int looked = Math.min(count, AT_MOST);
    List<String> rooms =
        IntStream.range(0, looked)
            .map(i -> (int) ((long) i * count / looked))
            .mapToObj(room)
            .toList();
    return new Look(server, rooms, builds(server, rooms));
  }

  /// The second look.
  ///
  /// @return how many were built anew since the first
  int slept() throws IOException {
    List<Long> now = builds(server, rooms);
    return (int) IntStream.range(0, rooms.size()).filter(i -> now.get(i) > built.get(i)).count();
  }

  private static List<Long> builds(URI server, List<String> rooms) throws IOException {
    Long[] builds = new Long[rooms.size()];
    for (int i = 0; i < builds.length; i++) {
      builds[i] = Info.built(server, rooms.get(i));
    }
    return List.of(builds);
  }
}
