/// The inspector: what an operator may know of rooms without waking them, and may do to them (H4).
/// It knows nothing of HTTP.
///
/// Read [dev.dormouse.server.admin.Inspector] first, then [dev.dormouse.server.admin.Listing].
@NullMarked
package dev.dormouse.server.admin;

import org.jspecify.annotations.NullMarked;
