package dev.dormouse.server.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// A dashboard: rows of panels, laid out from left to right.
final class Board {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int COLUMNS = 24;

  private final String uid;
  private final String title;
  private final String description;
  private final List<Row> rows = new ArrayList<>();

  private record Row(String title, List<Panel> panels) {}

  Board(String uid, String title, String description) {
    this.uid = uid;
    this.title = title;
    this.description = description;
  }

  Board row(String title, Panel... panels) {
    rows.add(new Row(title, List.of(panels)));
    return this;
  }

  String uid() {
    return uid;
  }

  /// The data source that is chosen at the top of the page.
  static ObjectNode datasource() {
    return JSON.objectNode().put("type", "prometheus").put("uid", "${datasource}");
  }

  /// An expression for the instances that are chosen at the top of the page.
  static String chosen(String expr) {
    return expr.replace("$I", "instance=~\"$instance\"");
  }

  ObjectNode json() {
    ObjectNode board = JSON.objectNode();
    board.put("uid", uid);
    board.put("title", title);
    board.put("description", description);
    board.putArray("tags").add("dormouse");
    board.put("schemaVersion", 39);
    board.put("editable", true);
    board.put("graphTooltip", 1);
    board.put("refresh", "10s");
    board.put("timezone", "browser");
    board.putObject("time").put("from", "now-30m").put("to", "now");
    ObjectNode link = board.putArray("links").addObject();
    link.put("type", "dashboards").put("title", "Dormouse").put("asDropdown", false);
    link.put("includeVars", true).put("keepTime", true).putArray("tags").add("dormouse");
    annotations(board.putObject("annotations").putArray("list").addObject());
    variables(board.putObject("templating").putArray("list"));
    panels(board.putArray("panels"));
    return board;
  }

  private static void annotations(ObjectNode starts) {
    starts.put("name", "Starts of the process").put("enable", true).put("iconColor", "blue");
    starts.set("datasource", datasource());
    starts.put("expr", chosen("process_start_time_seconds{job=\"dormouse\", $I} * 1000"));
    starts.put("useValueForTime", "on").put("titleFormat", "started");
  }

  private static void variables(ArrayNode list) {
    ObjectNode source = list.addObject();
    source.put("name", "datasource").put("label", "Data source").put("type", "datasource");
    source.put("query", "prometheus");
    ObjectNode instance = list.addObject();
    instance.put("name", "instance").put("label", "Instance").put("type", "query");
    instance.set("datasource", datasource());
    instance.put("query", "label_values(dormouse_build_info, instance)");
    instance.put("refresh", 2).put("multi", true).put("includeAll", true).put("allValue", ".+");
    ObjectNode current = instance.putObject("current").put("selected", true);
    current.putArray("text").add("All");
    current.putArray("value").add("$__all");
  }

  private void panels(ArrayNode list) {
    int id = 1;
    int y = 0;
    for (Row row : rows) {
      ObjectNode heading = list.addObject();
      heading.put("id", id++).put("type", "row").put("title", row.title()).put("collapsed", false);
      heading.putObject("gridPos").put("h", 1).put("w", COLUMNS).put("x", 0).put("y", y);
      heading.putArray("panels");
      y++;
      int x = 0;
      int tallest = 0;
      for (Panel panel : row.panels()) {
        if (x + panel.width() > COLUMNS) {
          y += tallest;
          x = 0;
          tallest = 0;
        }
        list.add(panel.json(id++, x, y));
        x += panel.width();
        tallest = Math.max(tallest, panel.height());
      }
      y += tallest;
    }
  }
}
