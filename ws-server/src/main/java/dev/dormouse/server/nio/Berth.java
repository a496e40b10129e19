package dev.dormouse.server.nio;

import dev.dormouse.server.parking.Parked;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;

/// Where a channel is while it is parked. It stays registered with the selector that read it, by
/// the same key: only the key's attachment changes, from Jetty's endpoint to this. So neither
/// parking nor waking has to cancel a key, and a selection finds one or the other.
///
/// One for each parked socket: kept small. For the selector's thread, but for what is final.
final class Berth implements ManagedSelector.Selectable {
  private static final AtomicReferenceFieldUpdater<Berth, @Nullable Parked> LEFT =
      AtomicReferenceFieldUpdater.newUpdater(Berth.class, Parked.class, "left");

  final int number;
  final ParkingSelector selector;
  final SocketChannel channel;

  /// Where its client is counted; whoever closes the channel or makes an endpoint for it takes it.
  final int pass;

  private SelectionKey key;

  /// Who is parked; null before that is known, and once it has come back.
  private volatile @Nullable Parked left;

  Berth(int number, ParkingSelector selector, SocketChannel channel, SelectionKey key, int pass) {
    this.number = number;
    this.selector = selector;
    this.channel = channel;
    this.key = key;
    this.pass = pass;
  }

  /// Takes the key over.
  void settle(Parked parked) {
    left = parked;
    key.attach(this);
    key.interestOps(SelectionKey.OP_READ);
  }

  /// Puts another in the place of who is parked; null for nobody any more. For any thread.
  ///
  /// @return false if `from` is not parked here
  boolean hand(Parked from, @Nullable Parked to) {
    return LEFT.compareAndSet(this, from, to);
  }

  /// Hands the key on to `endPoint`, which has asked for nothing yet.
  void leave(NioEndPoint endPoint) {
    key.interestOps(0);
    key.attach(endPoint);
  }

  @Nullable Parked left() {
    return left;
  }

  SelectionKey key() {
    return key;
  }

  /// The client said something, or is gone.
  @Override
  public @Nullable Runnable onSelected() {
    selector.wake(this);
    return null;
  }

  @Override
  public void updateKey() {
    // It never waits for anything but bytes.
  }

  /// Jetty had to make its selector anew.
  @Override
  public void replaceKey(SelectionKey newKey) {
    key = newKey;
  }
}
