/// Rooms with SQL: each has a SQLite file of its own, in which all its storage lies. Statements are
/// not trusted.
@NullMarked
package dev.dormouse.storage.sql;

import org.jspecify.annotations.NullMarked;
