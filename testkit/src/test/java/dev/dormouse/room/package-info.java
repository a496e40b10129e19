/// The rules of `docs/semantics.md` as tests, one file per theme: each test names its rule.
@NullMarked
package dev.dormouse.room;

import org.jspecify.annotations.NullMarked;
