package dev.dormouse.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.RoomStore.Mark;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Rooms found, and counted, by their marks. Part of [RoomStoreContract].
abstract class MarksContract extends StorePart {
  MarksContract(RoomStoreContract contract) {
    super(contract);
  }

  private List<Mark> marks(String prefix, @Nullable Mark after, int limit) throws Exception {
    return await(store().marks(prefix, after, limit));
  }

  private static String mark(String name) {
    return RoomStore.MARKS + name;
  }

  private static List<String> words(List<Mark> marks) {
    return marks.stream()
        .map(mark -> mark.name() + " " + mark.room().hex().substring(0, 2) + " " + note(mark))
        .toList();
  }

  private static String note(Mark mark) {
    return new String(mark.note(), UTF_8);
  }

  @Test
  void marks_come_in_order_of_their_names_and_then_of_their_rooms() throws Exception {
    next(room(3)).put(mark("f/open/b"), "3b").put(mark("f/open/a"), "3a").commit();
    next(room(200)).put(mark("f/open/a"), "200a").put(mark("f/ended/x"), "").commit();
    next(room(1)).put(mark("f/open/a"), "1a").put(mark("f/open/ä"), "1ä").commit();

    assertThat(words(marks("f/open/", null, 10)))
        .containsExactly(
            "f/open/a 01 1a",
            "f/open/a 03 3a",
            "f/open/a c8 200a",
            "f/open/b 03 3b",
            "f/open/ä 01 1ä");
    assertThat(words(marks("", null, 1))).containsExactly("f/ended/x c8 ");
    assertThat(marks("g", null, 10)).isEmpty();
  }

  @Test
  void a_page_begins_behind_the_mark_that_the_last_one_ended_with() throws Exception {
    for (int first : new int[] {200, 3, 1}) {
      next(room(first)).put(mark("f/a"), "").put(mark("f/b"), "").commit();
    }
    List<String> all = new ArrayList<>();
    Mark last = null;
    for (List<Mark> page = marks("f/", last, 2); !page.isEmpty(); page = marks("f/", last, 2)) {
      all.addAll(words(page));
      last = page.getLast();
    }

    assertThat(all)
        .containsExactly("f/a 01 ", "f/a 03 ", "f/a c8 ", "f/b 01 ", "f/b 03 ", "f/b c8 ");
  }

  @Test
  void only_keys_that_begin_as_marks_do_are_marks() throws Exception {
    next(room(1)).put("mark/a", "").put("\0marks/a", "").put("\0mark", "").put("a", "").commit();

    assertThat(marks("", null, 10)).isEmpty();
  }

  @Test
  void a_mark_that_is_changed_or_deleted_is_found_so_after_another_opening_too() throws Exception {
    next(room(1)).put(mark("f/a"), "old").put(mark("f/b"), "old").commit();
    next(room(1)).put(mark("f/a"), "new").delete(mark("f/b")).commit();
    next(room(2)).put(mark("f/c"), "").commit();
    next(room(2)).clear().commit();
    reopen();

    assertThat(words(marks("f/", null, 10))).containsExactly("f/a 01 new");
  }

  private List<String> counts(String prefix) throws Exception {
    return await(store().countMarks(prefix)).stream()
        .map(each -> each.folder() + " " + each.count() + " " + new String(each.least(), UTF_8))
        .toList();
  }

  @Test
  void they_are_counted_by_folder_with_the_least_of_their_notes() throws Exception {
    next(room(3)).put(mark("f/open/a/1"), "20").put(mark("f/open/a/2"), "11").commit();
    next(room(200)).put(mark("f/open/a/1"), "19").put(mark("f/ended/x"), "").commit();
    next(room(1)).put(mark("f/open/ä/1"), "\u00ff").put(mark("f/open/ä/b/"), "5").commit();
    next(room(1)).put(mark("f/open/ä/2"), "z").put(mark("none"), "7").commit();

    assertThat(counts("f/open/"))
        .containsExactly("f/open/a/ 3 11", "f/open/ä/ 2 z", "f/open/ä/b/ 1 5");
    assertThat(counts("f/open/a/2")).containsExactly("f/open/a/ 1 11");
    assertThat(counts(""))
        .containsExactly(
            " 1 7", "f/ended/ 1 ", "f/open/a/ 3 11", "f/open/ä/ 2 z", "f/open/ä/b/ 1 5");
    assertThat(counts("g")).isEmpty();
  }

  @Test
  void one_that_is_gone_is_not_counted() throws Exception {
    next(room(1)).put(mark("f/a"), "old").put(mark("f/b"), "1").commit();
    next(room(1)).put(mark("f/a"), "new").delete(mark("f/b")).commit();
    reopen();

    assertThat(counts("f/")).containsExactly("f/ 1 new");
  }

  @Test
  void I1_the_rooms_name_comes_with_it() throws Exception {
    next(room(SPACE, 1, "team/α")).put(mark("f/a"), "").commit();

    assertThat(marks("f/", null, 1).getFirst().room().name()).contains("team/α");
  }
}
