/// How much somebody may still do: a token bucket for each user, exact, and asleep between bursts.
///
/// Read [Limiter] for what other rooms may ask, then [Bucket] for the arithmetic and [LimiterRoom]
/// for the outside.
@NullMarked
package dev.dormouse.rooms.limiter;

import org.jspecify.annotations.NullMarked;
