/// The socket side of the boundary to rooms, without any network: which connections there are, who
/// belongs to which room's audience, and who waits for an answer.
///
/// Read [dev.dormouse.hibernation.SocketTable] first; [dev.dormouse.hibernation.Wire] and
/// [dev.dormouse.hibernation.Exchange] are what a network must offer.
@NullMarked
package dev.dormouse.hibernation;

import org.jspecify.annotations.NullMarked;
