package dev.dormouse.loadtest.sagas;

import java.util.List;
import java.util.SplittableRandom;

/// One saga to be run: three steps on three different objects, of which the third may refuse.
///
/// @param id unique in a run
record Order(String id, String a, String b, String c, boolean refused) {

  /// Draws the objects out of `objects`.
  static Order draw(String id, boolean refused, int objects, SplittableRandom random) {
    int a = random.nextInt(objects);
    int b = other(random.nextInt(objects - 1), List.of(a));
    int c = other(random.nextInt(objects - 2), a < b ? List.of(a, b) : List.of(b, a));
    return new Order(id, object(a), object(b), object(c), refused);
  }

  /// The name of object `number`.
  static String object(int number) {
    return "t" + number;
  }

  /// The `nth` number that is none of `taken`, which rise.
  private static int other(int nth, List<Integer> taken) {
    int number = nth;
    for (int one : taken) {
      if (number >= one) {
        number++;
      }
    }
    return number;
  }
}
