/// The inspector: what an operator may know of rooms and sagas without waking them, and may do to
/// them (H4). It knows nothing of HTTP.
///
/// Read [dev.dormouse.server.admin.Offices] first, then [dev.dormouse.server.admin.Inspector] for
/// rooms and [dev.dormouse.server.admin.SagaOffice] for sagas.
@NullMarked
package dev.dormouse.server.admin;

import org.jspecify.annotations.NullMarked;
