/// What `dormouse doctor` looks at on a machine before, or while, a server runs there.
@NullMarked
package dev.dormouse.server.doctor;

import org.jspecify.annotations.NullMarked;
