/// How fast a server answers, measured over the wire beside a peer in one run.
@NullMarked
package dev.dormouse.loadtest;

import org.jspecify.annotations.NullMarked;
