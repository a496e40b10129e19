/// Sagas inside rooms: owners and participants, and the outboxes between them.
///
/// Read [dev.dormouse.saga.facility.SagaFacility] first, then [dev.dormouse.saga.facility.Mail],
/// which carries letters from one room to another, in order and once, however often rooms fall
/// asleep or processes die. [dev.dormouse.saga.facility.Owner] and
/// [dev.dormouse.saga.facility.Attendance] put the engine's two sides into turns.
@NullMarked
package dev.dormouse.saga.facility;

import org.jspecify.annotations.NullMarked;
