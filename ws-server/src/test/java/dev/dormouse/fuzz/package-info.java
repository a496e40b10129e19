/// Inputs that no test thought of: targets for a coverage-guided fuzzer, which change with what the
/// code makes of them, and the corpora that it found.
@NullMarked
package dev.dormouse.fuzz;

import org.jspecify.annotations.NullMarked;
