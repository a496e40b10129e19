package dev.dormouse.room.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some rows of a statement.
///
/// @param cursor by which more are asked for
/// @param columns their names
/// @param rows null, Long, Double, String or `byte[]` each
/// @param last whether there are no more; the cursor is closed then
/// @param rowsWritten by the statement
/// @param changed whether the statement may have changed something durable
public record SqlPage(
    long cursor,
    List<String> columns,
    List<@Nullable Object[]> rows,
    boolean last,
    long rowsWritten,
    boolean changed) {}
