/// Orders that are booked as a whole or not at all: goods set aside, paid for outside, shipped.
///
/// Read [dev.dormouse.rooms.booking.BookingSaga] for what is done, then
/// [dev.dormouse.rooms.booking.BookingRoom] for who asks and who watches.
@NullMarked
package dev.dormouse.rooms.booking;

import org.jspecify.annotations.NullMarked;
