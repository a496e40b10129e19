package dev.dormouse.loadtest.million;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.loadtest.Arguments;
import dev.dormouse.loadtest.Footprint;
import dev.dormouse.loadtest.Histogram;
import dev.dormouse.loadtest.figures.Chart;
import dev.dormouse.loadtest.figures.Tick;
import dev.dormouse.loadtest.figures.Times;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MillionReportTest {
  private static final long MIB = 1 << 20;

  @Test
  void several_servers_are_not_told_as_one() {
    assertThat(page(40_000, true, List.of()))
        .contains("3 independent server processes")
        .contains("It is not one server with all connections");
    assertThat(page(10_000, true, List.of())).contains("One server process held them all");
  }

  @Test
  void who_played_the_users_is_told() {
    assertThat(page(10_000, true, List.of())).contains("500 Gatling users");
    assertThat(page(10_000, false, List.of())).contains("Gatling was not built");
  }

  @Test
  void the_servers_own_count_stands_beside_that_of_the_holders() {
    assertThat(page(10_000, true, List.of()))
        .contains("| held in the end, by the holders | 9,998 |")
        .contains("| open in the end, by the servers' own count | 10,500 |")
        .contains("| of them parked, by the servers' own count | not counted by this server |")
        .contains("| wakes answered late or never | 2 |");
  }

  @Test
  void memory_is_told_for_each_sleeping_connection() {
    assertThat(page(10_000, true, List.of()))
        .contains("| servers, resident | 100 | 200 | 300 | 10,485 |")
        .contains("| first server, live heap after full collections | 10 | 40 | | 3,145 |");
  }

  @Test
  void times_of_all_seconds_are_in_one_histogram() {
    assertThat(page(10_000, true, List.of()))
        .contains("| wake, from the plan | 4 | 2 | 1.00 | 2.00 | 2.00 | 2.00 | 2.00 |");
  }

  @Test
  void doubts_are_told() {
    assertThat(page(10_000, true, List.of("something went on"))).contains("- something went on\n");
  }

  @Test
  void there_is_a_picture_for_each_that_the_page_shows() {
    Outcome outcome = outcome(10_000, true, List.of());
    String page = new MillionReport(outcome).markdown();

    Map<String, Chart> charts = new Charts(outcome).all();
    assertThat(charts.keySet())
        .containsExactly(
            "connections.svg", "waiting.svg", "users.svg", "memory.svg", "processors.svg")
        .allMatch(name -> page.contains("](" + name + ")"));
    assertThat(charts.values()).allMatch(chart -> chart.svg().startsWith("<svg"));
  }

  @Test
  void what_cannot_be_meant_is_refused() {
    assertThat(MillionOptions.parse(List.of()).connections()).isEqualTo(1_000_000);
    for (List<String> line :
        List.of(
            List.of("--connections", "0"), List.of("--minutes", "0"), List.of("--target", "x"))) {
      assertThatExceptionOfType(Arguments.Misunderstood.class)
          .isThrownBy(() -> MillionOptions.parse(line));
    }
  }

  private static String page(int connections, boolean gatling, List<String> doubts) {
    return new MillionReport(outcome(connections, gatling, doubts)).markdown();
  }

  private static Outcome outcome(int connections, boolean gatling, List<String> doubts) {
    MillionOptions options =
        MillionOptions.parse(
            List.of("--connections", String.valueOf(connections), "--users", "500"));
    Map<Outcome.Phase, Moment> phases = new EnumMap<>(Outcome.Phase.class);
    phases.put(Outcome.Phase.START, moment(0, 100 * MIB, 0));
    phases.put(Outcome.Phase.OPENING, moment(0, 100 * MIB, 0));
    phases.put(Outcome.Phase.ASLEEP, moment(10, 200 * MIB, 10_000));
    phases.put(Outcome.Phase.USERS, moment(30, 200 * MIB, 10_000));
    phases.put(Outcome.Phase.WAKING, moment(40, 250 * MIB, 10_500));
    phases.put(Outcome.Phase.END, moment(100, 300 * MIB, 10_500));
    List<Tick> ticks = List.of(tick(50, 9_999, 2, 1_000), tick(60, 9_998, 4, 2_000));
    return new Outcome(
        "loadtest/million",
        Map.of("cores", "2"),
        20_000,
        200,
        gatling,
        options,
        Plan.of(connections, 500, 10, 20_000),
        footprint(10 * MIB),
        footprint(40 * MIB),
        phases,
        List.copyOf(phases.values()),
        ticks,
        ticks,
        Map.of(),
        doubts);
  }

  private static Footprint footprint(long heap) {
    return new Footprint(0, Optional.of(new Histogram(Map.of(), heap)));
  }

  private static Moment moment(long second, long resident, int open) {
    Scrape scrape = Scrape.parse("dormouse_sockets_open " + open + "\n");
    return new Moment(
        second,
        Map.of("server-1", new Moment.Seen(resident, second / 2.0, List.of(scrape))),
        Map.of("holder-1", new Moment.Seen(MIB, second / 4.0, List.of())),
        new Kernel(1_000 * MIB, 10 * MIB, 5 * MIB, MIB, 100, 1, second));
  }

  private static Tick tick(long second, long open, long sent, long micros) {
    Times waits = new Times();
    waits.add(micros);
    return new Tick(second, open, 0, 0, 0, sent, sent / 2, 2, 0, 0, waits.takeEncoded(), "");
  }
}
