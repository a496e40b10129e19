package dev.dormouse.loadtest.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ChartTest {
  @Nested
  class An_axis {
    @Test
    void ends_at_a_round_value_not_below_the_most() {
      assertThat(Axis.linear(20_500).high()).isEqualTo(25_000);
      assertThat(Axis.linear(1).high()).isEqualTo(1);
      assertThat(Axis.linear(0).high()).isEqualTo(1);
      assertThat(Axis.linear(0.37).high()).isEqualTo(0.4, within(1e-9));
    }

    @Test
    void names_values_in_equal_steps() {
      assertThat(Axis.linear(100).ticks()).containsExactly(0.0, 20.0, 40.0, 60.0, 80.0, 100.0);
    }

    @Test
    void in_powers_of_ten_gives_equal_room_to_equal_factors() {
      Axis axis = Axis.logarithmic(0.3, 250);

      assertThat(axis.low()).isEqualTo(0.1, within(1e-9));
      assertThat(axis.high()).isEqualTo(1_000, within(1e-6));
      assertThat(axis.place(10)).isEqualTo(0.5, within(1e-9));
      assertThat(axis.ticks()).hasSize(5);
    }

    @Test
    void writes_values_as_people_do() {
      assertThat(List.of(Axis.name(1_250_000), Axis.name(20_000), Axis.name(0.2), Axis.name(5)))
          .containsExactly("1.25M", "20k", "0.2", "5");
    }
  }

  @Test
  void a_chart_is_well_formed_and_has_a_line_for_each_series() throws Exception {
    Chart chart =
        new Chart(
            "A < B & \"C\"",
            "ms",
            false,
            List.of(line("a", 0, 10), line("b", 5, 20)),
            List.of(new Chart.Mark("begins", 0.5)));

    Document svg = parsed(chart.svg());

    assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    assertThat(svg.getElementsByTagName("text").item(0).getTextContent())
        .isEqualTo("A < B & \"C\"");
  }

  @Test
  void higher_values_stand_higher_and_later_ones_further_right() throws Exception {
    Document svg = parsed(new Chart("t", "u", false, List.of(line("a", 2, 8)), List.of()).svg());

    String points = ((Element) svg.getElementsByTagName("polyline").item(0)).getAttribute("points");
    String[] first = points.split(" ", -1)[0].split(",", -1);
    String[] second = points.split(" ", -1)[1].split(",", -1);
    assertThat(Double.parseDouble(first[0])).isLessThan(Double.parseDouble(second[0]));
    assertThat(Double.parseDouble(first[1])).isGreaterThan(Double.parseDouble(second[1]));
  }

  @Test
  void what_powers_of_ten_cannot_show_is_left_out() throws Exception {
    Document svg = parsed(new Chart("t", "u", true, List.of(line("a", 0, 8)), List.of()).svg());

    String points = ((Element) svg.getElementsByTagName("polyline").item(0)).getAttribute("points");
    assertThat(points.split(" ", -1)).hasSize(1);
  }

  @Test
  void nothing_to_draw_is_drawn_too() throws Exception {
    assertThat(parsed(new Chart("t", "u", true, List.of(), List.of()).svg())).isNotNull();
  }

  private static Chart.Line line(String name, double... values) {
    return new Chart.Line(
        name,
        IntStream.range(0, values.length).mapToObj(i -> new Chart.Point(i, values[i])).toList());
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }
}
