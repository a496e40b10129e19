/// The code that the documentation shows, compiled and run, and the check that it shows just that.
@NullMarked
package dev.dormouse.docs;

import org.jspecify.annotations.NullMarked;
