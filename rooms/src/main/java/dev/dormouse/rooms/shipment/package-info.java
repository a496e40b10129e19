/// Parcels: one room each, packed in the last step of a saga that can still be refused.
@NullMarked
package dev.dormouse.rooms.shipment;

import org.jspecify.annotations.NullMarked;
