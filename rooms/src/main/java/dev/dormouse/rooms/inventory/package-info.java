/// Stock that is reserved, confirmed and released, and never sold twice.
///
/// Read [Inventory] for what other rooms may ask, [SagaCommands] for what sagas may, then
/// [InventoryRoom] for the outside.
@NullMarked
package dev.dormouse.rooms.inventory;

import org.jspecify.annotations.NullMarked;
