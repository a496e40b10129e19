/// The Yjs wire formats without a Yjs document: enough to check, store, merge, compare and relay
/// what Yjs editors send, byte for byte as the `yjs` package would do it.
///
/// Read [YUpdate] first, then [StoredDocument] for the state of one shared document, [YMessage] for
/// what travels over a socket and [Awareness] for who is there. Nothing here touches a socket, a
/// store or a clock.
///
/// Checked against `yjs` 13.6.33 and `y-protocols` 1.0.7; only the first encoding ("v1") travels
/// over a socket, so only it is spoken here.
@NullMarked
package dev.dormouse.rooms.yjs;

import org.jspecify.annotations.NullMarked;
