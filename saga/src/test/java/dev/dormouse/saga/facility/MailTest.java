package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.saga.SagaStatus;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Letters when things go badly wrong, for one room or for long.
class MailTest {
  private final Wire wire = new Wire(new SagaFacility(List.of(Trip.saga())));
  private final RoomTester tester = Agency.troubled(1, wire, command -> {});
  private final Books books = new Books(tester);

  @Test
  void a_room_that_takes_nothing_is_in_nobody_elses_way() {
    tester.run(t -> {
      // More letters than are looked at together wait for a room whose rows come first.
      wire.fate((from, to) -> to.namespace().equals("cars") ? Wire.Fate.LOST : Wire.Fate.ARRIVES);
      for (int i = 0; i < 120; i++) {
        Agency.desk(t).book("trip-" + i, new Trip(""));
      }
      t.settle();
      boolean[] lost = {false};
      wire.fate((from, to) -> {
        boolean loses = to.namespace().equals("flights") && !lost[0];
        lost[0] |= loses;
        return loses || to.namespace().equals("cars") ? Wire.Fate.LOST : Wire.Fate.ARRIVES;
      });
      Agency.desk(t).book("other", new Trip("hotels"));
      t.advance(Duration.ofSeconds(20));
      assertThat(lost[0]).isTrue();
      assertThat(Agency.desk(t).status("other")).isEqualTo("COMPENSATED");
    });
  }

  @Test
  void many_letters_that_were_taken_are_cut_together() {
    tester.run(t -> {
      wire.fate(
          (from, to) -> to.namespace().equals(Agency.DESKS) ? Wire.Fate.LOST : Wire.Fate.ARRIVES);
      for (int i = 0; i < 210; i++) {
        Agency.desk(t).book("trip-" + i, new Trip(""));
      }
      t.settle();
      long waiting =
          t.disk().keys(t.id(Agency.DESKS, "main")).keySet().stream()
              .filter(key -> key.startsWith("\0saga/out/"))
              .count();
      assertThat(waiting).isEqualTo(210);
      wire.fate((from, to) -> Wire.Fate.ARRIVES);
      t.advance(Duration.ofMinutes(2));
      assertThat(t.disk().keys(t.id(Agency.DESKS, "main")).keySet())
          .noneMatch(key -> key.startsWith("\0saga/out/"));
      assertThat(Agency.desk(t).status("trip-209")).isEqualTo("COMPLETED");
    });
  }

  @Test
  void H1_who_waits_for_a_dead_room_grows_patient_though_it_sleeps_between() {
    tester.run(t -> {
      List<Long> sent = new ArrayList<>();
      wire.fate((from, to) -> {
        sent.add(t.execution().millis());
        return Wire.Fate.LOST;
      });
      Agency.desk(t).book("1", new Trip(""));
      t.advance(Duration.ofSeconds(29));
      assertThat(sent).hasSize(4);
      assertThat(t.node().awake()).isZero();
    });
  }

  @Test
  void a_clock_that_is_set_back_keeps_no_lost_letter_waiting() {
    tester.run(t -> {
      wire.fate((from, to) -> Wire.Fate.ARRIVES);
      t.execution().setClock(Duration.ofHours(2));
      Agency.desk(t).book("ahead", new Trip(""));
      t.settle();
      t.execution().setClock(Duration.ofHours(-2));
      boolean[] lost = {false};
      wire.fate((from, to) -> {
        boolean loses = to.namespace().equals("flights") && !lost[0];
        lost[0] |= loses;
        return loses ? Wire.Fate.LOST : Wire.Fate.ARRIVES;
      });
      Agency.desk(t).book("back", new Trip(""));
      t.advance(Duration.ofSeconds(20));
      assertThat(lost[0]).isTrue();
      assertThat(Agency.desk(t).status("back")).isEqualTo("COMPLETED");
    });
  }

  @Test
  void a_letter_that_cannot_be_read_is_put_aside_and_asked_for_again() {
    tester.run(t -> {
      boolean[] spoilt = {false};
      wire.spoil((from, message) -> {
        Envelope envelope = Envelope.read(message);
        if (spoilt[0] || envelope.letter().length == 0 || from.namespace().equals(Agency.DESKS)) {
          return message;
        }
        spoilt[0] = true;
        byte[] letter = "of a later format".getBytes(StandardCharsets.UTF_8);
        return new Envelope(
                envelope.number(), envelope.taken(), envelope.first(), envelope.settles(), letter)
            .bytes();
      });
      Agency.desk(t).book("1", new Trip(""));
      t.advance(Duration.ofMinutes(2));
      assertThat(books.status("1")).isEqualTo(SagaStatus.COMPLETED);
      books.holdAtTheEnd();
      assertThat(t.disk().keys(t.id(Agency.DESKS, "main")).keySet())
          .anyMatch(key -> key.startsWith("\0saga/unread/"));
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"flights", Agency.DESKS})
  void a_room_whose_file_is_older_than_its_peers_is_heard_and_hears_again(String restored) {
    tester.run(t -> {
      for (int i = 0; i < 20; i++) {
        Agency.desk(t).book("trip-" + i, new Trip(""));
      }
      t.advance(Duration.ofSeconds(30));
      String peer = restored.equals("flights") ? Agency.DESKS : "flights";
      wire.forget(t.id(restored, "main"), "lane/" + Lane.word(t.id(peer, "main")));
      Agency.desk(t).book("after", new Trip(""));
      t.advance(Duration.ofMinutes(5));
      assertThat(books.status("after")).isEqualTo(SagaStatus.COMPLETED);
    });
  }
}
