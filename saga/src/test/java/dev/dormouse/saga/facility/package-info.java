/// Sagas inside rooms, on a store and an execution that tests hold in their hands.
@NullMarked
package dev.dormouse.saga.facility;

import org.jspecify.annotations.NullMarked;
