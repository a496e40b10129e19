package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.RoomStore.DueAlarm;
import dev.dormouse.room.spi.RoomStore.DueAlarms;
import org.junit.jupiter.api.Test;

/// Which alarms are due, and when (A1 to A3). Part of [RoomStoreContract].
abstract class AlarmsContract extends StorePart {
  AlarmsContract(RoomStoreContract contract) {
    super(contract);
  }

  private final RoomId room = room("chat", 1, "lobby");

  private DueAlarms due(long now, int limit) throws Exception {
    return await(store().dueAlarms(now, limit));
  }

  @Test
  void A1_those_that_are_due_come_earliest_first_and_the_next_one_is_known() throws Exception {
    next(room).alarm(AlarmRow.at("b", 20)).alarm(AlarmRow.at("a", 30)).commit();
    next(room(2)).alarm(AlarmRow.at("c", 10)).alarm(AlarmRow.at("d", 40)).commit();

    DueAlarms due = due(30, 10);
    assertThat(due.alarms())
        .containsExactly(
            new DueAlarm(room(2), "c", 10),
            new DueAlarm(room, "b", 20),
            new DueAlarm(room, "a", 30));
    assertThat(due.next()).hasValue(40);
  }

  @Test
  void A2_they_come_in_pages() throws Exception {
    next(room).alarm(AlarmRow.at("a", 10)).alarm(AlarmRow.at("b", 20)).commit();
    next(room(2)).alarm(AlarmRow.at("c", 30)).commit();

    DueAlarms page = due(100, 2);
    assertThat(page.alarms()).extracting(DueAlarm::name).containsExactly("a", "b");
    assertThat(page.next()).hasValue(30);
    assertThat(due(100, 3).next()).isEmpty();
    assertThat(due(9, 3).alarms()).isEmpty();
    assertThat(due(9, 3).next()).hasValue(10);
  }

  @Test
  void I1_a_due_alarm_names_its_room() throws Exception {
    next(room).alarm(AlarmRow.at("a", 10)).commit();

    assertThat(due(10, 1).alarms().getFirst().room().name()).contains("lobby");
  }

  @Test
  void A1_a_moved_alarm_is_due_at_its_new_time_only_and_a_deleted_one_never() throws Exception {
    next(room).alarm(AlarmRow.at("a", 10)).alarm(AlarmRow.at("b", 11)).commit();
    next(room).alarm(AlarmRow.at("a", 50)).noAlarm("b").commit();

    assertThat(due(49, 10).alarms()).isEmpty();
    assertThat(due(50, 10).alarms()).containsExactly(new DueAlarm(room, "a", 50));
    assertThat(due(50, 10).next()).isEmpty();
  }

  @Test
  void A1_names_that_begin_with_U_0000_are_kept_apart() throws Exception {
    next(room)
        .alarm(AlarmRow.at("\0f/a", 5))
        .alarm(AlarmRow.at("\0f/b", 6))
        .alarm(AlarmRow.at("a", 7))
        .commit();
    next(room).alarm(AlarmRow.at("\0f/a", 8)).noAlarm("\0f/b").commit();

    assertThat(load(room).alarms())
        .containsExactlyInAnyOrder(AlarmRow.at("\0f/a", 8), AlarmRow.at("a", 7));
    assertThat(due(9, 10).alarms()).extracting(DueAlarm::name).containsExactly("a", "\0f/a");
  }

  @Test
  void A1_a_failed_alarm_is_due_when_its_back_off_ends_and_keeps_its_rows_numbers()
      throws Exception {
    AlarmRow failed = AlarmRow.at("a", 10).retry(60, 2);
    next(room).alarm(failed).commit();

    assertThat(due(59, 10).alarms()).isEmpty();
    assertThat(due(60, 10).alarms()).containsExactly(new DueAlarm(room, "a", 60));
    assertThat(load(room).alarms()).containsExactly(failed);
  }

  @Test
  void A1_a_parked_alarm_stays_visible_and_is_never_due() throws Exception {
    AlarmRow parked = AlarmRow.at("a", 10).parked(6);
    next(room).alarm(parked).commit();
    reopen();

    assertThat(due(Long.MAX_VALUE, 10).alarms()).isEmpty();
    assertThat(due(Long.MAX_VALUE, 10).next()).isEmpty();
    assertThat(load(room).alarms()).containsExactly(parked);
  }

  @Test
  void A3_a_restart_alarm_is_due_once_the_store_is_opened_again() throws Exception {
    next(room)
        .alarm(AlarmRow.atRestart("will"))
        .alarm(AlarmRow.at("later", now() + 1_000_000))
        .commit();
    assertThat(due(Long.MAX_VALUE, 10).alarms())
        .extracting(DueAlarm::name)
        .containsExactly("later");
    assertThat(load(room).alarms()).contains(AlarmRow.atRestart("will"));

    reopen();

    assertThat(due(now(), 10).alarms()).extracting(DueAlarm::name).containsExactly("will");
    AlarmRow will =
        load(room).alarms().stream()
            .filter(row -> row.name().equals("will"))
            .findAny()
            .orElseThrow();
    assertThat(will.state()).isEqualTo(Alarm.State.SET);
    assertThat(will.due()).isEqualTo(will.next()).isLessThanOrEqualTo(now());
    assertThat(will.attempt()).isZero();
  }

  @Test
  void A3_a_restart_alarm_that_was_deleted_or_replaced_is_not_due() throws Exception {
    long later = now() + 1_000_000;
    next(room).alarm(AlarmRow.atRestart("a")).alarm(AlarmRow.atRestart("b")).commit();
    next(room).noAlarm("a").alarm(AlarmRow.at("b", later)).commit();
    reopen();

    assertThat(due(now(), 10).alarms()).isEmpty();
    assertThat(due(now(), 10).next()).hasValue(later);
  }
}
