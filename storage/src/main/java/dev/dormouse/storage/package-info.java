/// Rooms' state in SQLite: shard files with group commit, and the JSON codec.
///
/// Read [dev.dormouse.storage.SqliteRoomStore] first, then `ShardWriter`, which turns waiting write
/// sets into transactions, and `DataFolder`, which says what lies where.
@NullMarked
package dev.dormouse.storage;

import org.jspecify.annotations.NullMarked;
