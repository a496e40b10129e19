package dev.dormouse.room;

import java.util.List;

/// A call whose argument and result could be changed by either side, were they not copied.
interface Sharing {
  List<String> share(List<String> list);
}
