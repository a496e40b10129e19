package dev.dormouse.loadtest.figures;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A chart of lines over time, drawn as SVG with nothing from elsewhere in it.
///
/// @param unit of what is drawn, as its axis is named
/// @param logarithmic whether the axis goes in powers of ten; what is 0 or below is not drawn then
/// @param marks what began when
public record Chart(
    String title, String unit, boolean logarithmic, List<Line> lines, List<Mark> marks) {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 340;
  private static final int LEFT = 78;
  private static final int RIGHT = 24;
  private static final int TOP = 82;
  private static final int BOTTOM = 44;

  /// Told apart by those who see fewer colours too; a seventh line begins anew, dashed.
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9");

  public Chart {
    lines = List.copyOf(lines);
    marks = List.copyOf(marks);
  }

  /// @param points from the left to the right
  public record Line(String name, List<Point> points) {
    public Line {
      points = List.copyOf(points);
    }
  }

  /// @param x seconds since the beginning
  public record Point(double x, double y) {}

  /// @param x seconds since the beginning
  public record Mark(String name, double x) {}

  /// The whole picture as an SVG document.
  public String svg() {
    Axis across = Axis.linear(lines.stream().mapToDouble(Chart::last).max().orElse(1));
    Axis up = up();
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
        font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="%s">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        <text x="%d" y="24" font-size="15" font-weight="600" fill="#1a1a1a">%s</text>
        """
            .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT, escaped(title), 16, escaped(title)));
    grid(svg, across, up);
    int name = 0;
    for (Mark mark : marks) {
      mark(svg, mark, across, name++);
    }
    int at = 16;
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      line(svg, line, style(i), across, up);
      svg.append(
          "<line x1=\"%d\" y1=\"42\" x2=\"%d\" y2=\"42\" %s/>%n".formatted(at, at + 22, style(i)));
      svg.append(text(at + 28, 46, "start", line.name()));
      at += 48 + 7 * line.name().length();
    }
    return svg.append("</svg>\n").toString();
  }

  private Axis up() {
    double[] drawn =
        lines.stream()
            .flatMap(line -> line.points().stream())
            .mapToDouble(Point::y)
            .filter(y -> !logarithmic || y > 0)
            .toArray();
    double most = Arrays.stream(drawn).max().orElse(1);
    return logarithmic
        ? Axis.logarithmic(Arrays.stream(drawn).min().orElse(0.1), most)
        : Axis.linear(most);
  }

  private static double last(Line line) {
    return line.points().isEmpty() ? 0 : line.points().getLast().x();
  }

  private void grid(StringBuilder svg, Axis across, Axis up) {
    for (double tick : up.ticks()) {
      double y = y(up, tick);
      svg.append(rule(LEFT, y, WIDTH - RIGHT, y, "#e3e3e3"));
      svg.append(text(LEFT - 8, y + 4, "end", Axis.name(tick)));
    }
    for (double tick : across.ticks()) {
      double x = x(across, tick);
      svg.append(rule(x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 5, "#8a8a8a"));
      svg.append(text(x, HEIGHT - BOTTOM + 19, "middle", Axis.name(tick)));
    }
    svg.append(rule(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "#8a8a8a"));
    svg.append(text(WIDTH - RIGHT, HEIGHT - 8, "end", "seconds"));
    svg.append(text(16, TOP - 14, "start", unit));
  }

  /// Names stand in two rows by turns, since one thing often begins soon after another.
  private static void mark(StringBuilder svg, Mark mark, Axis across, int number) {
    double x = x(across, mark.x());
    svg.append(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"#8a8a8a\" stroke-dasharray=\"2 3\"/>%n"
            .formatted(coordinate(x), TOP, coordinate(x), HEIGHT - BOTTOM));
    boolean end = x > WIDTH - 140;
    svg.append(
        text(
            end ? x - 4 : x + 4, TOP + 12 + 14 * (number % 2), end ? "end" : "start", mark.name()));
  }

  private void line(StringBuilder svg, Line line, String style, Axis across, Axis up) {
    StringBuilder points = new StringBuilder();
    for (Point point : line.points()) {
      if (!logarithmic || point.y() > 0) {
        points
            .append(coordinate(x(across, point.x())))
            .append(',')
            .append(coordinate(y(up, point.y())))
            .append(' ');
      }
    }
    svg.append(
        "<polyline fill=\"none\" stroke-linejoin=\"round\" %s points=\"%s\"/>%n"
            .formatted(style, points.toString().strip()));
  }

  private static String style(int line) {
    String dashes = line < COLOURS.size() ? "" : " stroke-dasharray=\"5 3\"";
    return "stroke=\"%s\" stroke-width=\"1.8\"%s"
        .formatted(COLOURS.get(line % COLOURS.size()), dashes);
  }

  private static double x(Axis across, double value) {
    return LEFT + across.place(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Axis up, double value) {
    return HEIGHT - BOTTOM - up.place(value) * (HEIGHT - BOTTOM - TOP);
  }

  private static String rule(double x1, double y1, double x2, double y2, String colour) {
    return "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>%n"
        .formatted(coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2), colour);
  }

  private static String text(double x, double y, String anchor, String said) {
    return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"#4a4a4a\">%s</text>%n"
        .formatted(coordinate(x), coordinate(y), anchor, escaped(said));
  }

  private static String coordinate(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escaped(String said) {
    return said.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
