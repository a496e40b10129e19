package dev.dormouse.server.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One panel of a dashboard: what it asks Prometheus, and how the answer is drawn.
///
/// In queries `$I` stands for the chosen instances.
final class Panel {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Kind kind;
  private final String title;
  private final String description;
  private final List<Query> queries = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>(List.of(new Step("green", null)));
  private String unit = "short";
  private boolean stacked;
  private boolean yesOrNo;
  private int width = 8;

  /// How a panel draws, by Grafana's names.
  private enum Kind {
    TIMESERIES,
    STAT,
    HEATMAP
  }

  private record Query(String expr, String legend) {}

  private record Step(String color, @Nullable Double from) {}

  private Panel(Kind kind, String title, String description) {
    this.kind = kind;
    this.title = title;
    this.description = description;
  }

  static Panel lines(String title, String description) {
    return new Panel(Kind.TIMESERIES, title, description);
  }

  static Panel number(String title, String description) {
    return new Panel(Kind.STAT, title, description).width(4);
  }

  static Panel heat(String title, String description) {
    return new Panel(Kind.HEATMAP, title, description);
  }

  /// @param unit by Grafana's name: `s`, `bytes`, `ops`, `short`, `percentunit`
  Panel unit(String unit) {
    this.unit = unit;
    return this;
  }

  Panel ask(String expr, String legend) {
    queries.add(new Query(expr, legend));
    return this;
  }

  /// The middle and the last hundredth of a histogram of durations.
  Panel quantiles(String histogram, String what) {
    return quantile(histogram, what + " p50", "0.5").quantile(histogram, what + " p99", "0.99");
  }

  private Panel quantile(String histogram, String legend, String quantile) {
    String buckets = "sum by (le) (rate(%s_bucket{$I}[$__rate_interval]))".formatted(histogram);
    return ask("histogram_quantile(%s, %s)".formatted(quantile, buckets), legend);
  }

  Panel stacked() {
    stacked = true;
    return this;
  }

  /// Shows 1 as yes and 0 as no, which is bad.
  Panel yesOrNo() {
    yesOrNo = true;
    steps.set(0, new Step("red", null));
    steps.add(new Step("green", 1.0));
    return this;
  }

  Panel warnFrom(double value) {
    steps.add(new Step("orange", value));
    return this;
  }

  Panel badFrom(double value) {
    steps.add(new Step("red", value));
    return this;
  }

  /// @param columns of Grafana's 24
  Panel width(int columns) {
    width = columns;
    return this;
  }

  int width() {
    return width;
  }

  int height() {
    return kind == Kind.STAT ? 4 : 8;
  }

  ObjectNode json(int id, int x, int y) {
    ObjectNode panel = JSON.objectNode();
    panel.put("id", id);
    panel.put("type", Meters.word(kind));
    panel.put("title", title);
    panel.put("description", description);
    panel.set("datasource", Board.datasource());
    panel.putObject("gridPos").put("h", height()).put("w", width).put("x", x).put("y", y);
    fields(panel.putObject("fieldConfig"));
    options(panel.putObject("options"));
    ArrayNode targets = panel.putArray("targets");
    for (int i = 0; i < queries.size(); i++) {
      targets.add(target(queries.get(i), i));
    }
    return panel;
  }

  private ObjectNode target(Query query, int index) {
    ObjectNode target = JSON.objectNode();
    target.put("refId", String.valueOf((char) ('A' + index)));
    target.set("datasource", Board.datasource());
    target.put("editorMode", "code");
    target.put("expr", Board.chosen(query.expr()));
    target.put("legendFormat", query.legend());
    target.put("format", kind == Kind.HEATMAP ? "heatmap" : "time_series");
    target.put("range", true);
    return target;
  }

  private void fields(ObjectNode config) {
    ObjectNode defaults = config.putObject("defaults");
    defaults.put("unit", unit);
    defaults.put("min", 0);
    ObjectNode thresholds = defaults.putObject("thresholds").put("mode", "absolute");
    ArrayNode drawn = thresholds.putArray("steps");
    for (Step step : steps) {
      drawn.addObject().put("color", step.color()).put("value", step.from());
    }
    if (kind == Kind.TIMESERIES) {
      ObjectNode custom = defaults.putObject("custom");
      custom.put("lineWidth", 1).put("fillOpacity", stacked ? 40 : 10).put("showPoints", "never");
      custom.putObject("stacking").put("mode", stacked ? "normal" : "none").put("group", "A");
      custom.putObject("thresholdsStyle").put("mode", steps.size() > 1 ? "dashed" : "off");
    }
    if (yesOrNo) {
      ObjectNode options =
          defaults.putArray("mappings").addObject().put("type", "value").putObject("options");
      options.putObject("0").put("text", "no").put("color", "red");
      options.putObject("1").put("text", "yes").put("color", "green");
    }
    config.putArray("overrides");
  }

  private void options(ObjectNode options) {
    switch (kind) {
      case TIMESERIES -> {
        ObjectNode legend = options.putObject("legend");
        legend.put("showLegend", true).put("displayMode", "table").put("placement", "bottom");
        legend.putArray("calcs").add("lastNotNull").add("max");
        options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
      }
      case STAT -> {
        options.put("colorMode", "value").put("graphMode", "area").put("textMode", "value");
        ObjectNode reduce = options.putObject("reduceOptions").put("fields", "");
        reduce.put("values", false).putArray("calcs").add("lastNotNull");
      }
      case HEATMAP -> {
        options.put("calculate", false).put("cellGap", 1);
        options.putObject("color").put("mode", "scheme").put("scheme", "Oranges").put("steps", 64);
        options.putObject("yAxis").put("unit", unit);
        options.putObject("legend").put("show", true);
        options.putObject("tooltip").put("mode", "single").put("yHistogram", true);
      }
    }
  }
}
