package dev.dormouse.saga.log;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;

/// How Chronicle is used: a queue for each segment, with one file that time never rolls, since we
/// cut segments ourselves. An entry's index there is its number in the segment.
///
/// Its threads must be platform threads: it maps memory, spins, and knows threads by their number.
final class Chronicle {
  private Chronicle() {}

  static SingleChronicleQueue open(Path segment, LogSettings settings) {
    // What it measures of itself, a line for every mapping; its warnings and errors stay.
    Jvm.setPerfExceptionHandler(null);
    Jvm.setDebugExceptionHandler(null);
    return SingleChronicleQueueBuilder.binary(segment)
        .rollCycle(LegacyRollCycles.DAILY)
        .timeProvider(() -> 0)
        .blockSize(settings.blockBytes())
        // The sync is ours, see SegmentWriter.
        .syncMode(SyncMode.NONE)
        .build();
  }
}
