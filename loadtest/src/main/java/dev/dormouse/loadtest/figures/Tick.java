package dev.dormouse.loadtest.figures;

import dev.dormouse.loadtest.Json;
import dev.dormouse.loadtest.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/// One line of a time series: how a process of clients stands at the end of a second. Counts go on
/// from line to line; the times are of this second only.
///
/// @param second since 1970
/// @param open connections that are open
/// @param opening connections that are on their way
/// @param refused connections that did not come to be
/// @param closed connections that were open and that the server ended
/// @param sent what was asked
/// @param answered what was answered rightly and in time
/// @param late what was not answered in time
/// @param wrong answers that were wrong, or that nobody had asked for
/// @param heap bytes the process's heap holds, garbage included
/// @param waits from the planned time to the answer, encoded by [Times]
/// @param lags from the planned time to the send, encoded by [Times]
public record Tick(
    long second,
    long open,
    long opening,
    long refused,
    long closed,
    long sent,
    long answered,
    long late,
    long wrong,
    long heap,
    String waits,
    String lags) {

  /// Everything that should not have been.
  public long lost() {
    return refused + closed + late + wrong;
  }

  /// As one line of JSON, percentiles beside the encoded times for those who read it. All times are
  /// in microseconds.
  public String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("t", second);
    fields.put("open", open);
    fields.put("opening", opening);
    fields.put("refused", refused);
    fields.put("closed", closed);
    fields.put("sent", sent);
    fields.put("answered", answered);
    fields.put("late", late);
    fields.put("wrong", wrong);
    fields.put("lost", lost());
    fields.put("heap", heap);
    Times all = new Times().add(waits);
    fields.put("p50", all.percentile(50));
    fields.put("p99", all.percentile(99));
    fields.put("maxLag", new Times().add(lags).max());
    fields.put("waits", waits);
    fields.put("lags", lags);
    return Json.write(fields);
  }

  /// @throws IllegalArgumentException if `line` is not what [#json] writes
  public static Tick parse(String line) {
    JsonObject fields = Json.object(line);
    return new Tick(
        fields.number("t"),
        fields.number("open"),
        fields.number("opening"),
        fields.number("refused"),
        fields.number("closed"),
        fields.number("sent"),
        fields.number("answered"),
        fields.number("late"),
        fields.number("wrong"),
        fields.number("heap"),
        fields.text("waits"),
        fields.text("lags"));
  }
}
