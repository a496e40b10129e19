package dev.dormouse.storage;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomStore.DueAlarm;
import dev.dormouse.room.spi.RoomStore.DueAlarms;
import dev.dormouse.room.spi.RoomStore.Mark;
import dev.dormouse.room.spi.RoomStore.MarkCount;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// One page out of the pages of several shard files.
final class Pages {
  private static final Comparator<Mark> MARKS =
      Comparator.comparing(Mark::name, KeyOrder.UTF8)
          .thenComparing(mark -> mark.room().bytes(), Arrays::compareUnsigned);

  private Pages() {}

  static DueAlarms earliest(List<DueAlarms> pages, int limit) {
    List<DueAlarm> all =
        pages.stream()
            .flatMap(page -> page.alarms().stream())
            .sorted(Comparator.comparingLong(DueAlarm::next))
            .toList();
    List<DueAlarm> taken = all.subList(0, Math.min(limit, all.size()));
    LongStream left =
        Stream.concat(
                all.stream().skip(taken.size()).map(DueAlarm::next),
                pages.stream()
                    .map(DueAlarms::next)
                    .filter(OptionalLong::isPresent)
                    .map(OptionalLong::getAsLong))
            .mapToLong(Long::longValue);
    return new DueAlarms(List.copyOf(taken), left.min());
  }

  static List<Mark> marks(List<List<Mark>> pages, int limit) {
    return pages.size() == 1
        ? pages.getFirst()
        : pages.stream().flatMap(List::stream).sorted(MARKS).limit(limit).toList();
  }

  static List<MarkCount> counts(List<List<MarkCount>> pages) {
    SortedMap<String, MarkCount> folders = new TreeMap<>(KeyOrder.UTF8);
    for (List<MarkCount> page : pages) {
      page.forEach(each -> folders.merge(each.folder(), each, Pages::together));
    }
    return List.copyOf(folders.values());
  }

  private static MarkCount together(MarkCount a, MarkCount b) {
    byte[] least = Arrays.compareUnsigned(a.least(), b.least()) <= 0 ? a.least() : b.least();
    return new MarkCount(a.folder(), a.count() + b.count(), least);
  }

  static List<RoomId> inOrder(List<List<RoomId>> pages, int limit) {
    return pages.stream()
        .flatMap(List::stream)
        .sorted((a, b) -> Arrays.compareUnsigned(a.bytes(), b.bytes()))
        .limit(limit)
        .toList();
  }
}
