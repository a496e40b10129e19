package dev.dormouse.rooms.booking;

import static dev.dormouse.saga.Command.external;
import static dev.dormouse.saga.Command.toRoom;

import dev.dormouse.rooms.inventory.InventoryNamespace;
import dev.dormouse.rooms.inventory.SagaCommands;
import dev.dormouse.rooms.shipment.Parcel;
import dev.dormouse.rooms.shipment.ShipmentCommands;
import dev.dormouse.rooms.shipment.ShipmentNamespace;
import dev.dormouse.saga.OnParked;
import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SoFar;
import java.time.Duration;

/// How an order is booked.
///
/// | step | who | undone by |
/// |---|---|---|
/// | [#RESERVE] | the shop's `inventory` | releasing |
/// | [#PAY] | the service [#PAYMENTS], outside | a refund |
/// | [#SHIP], the pivot | `shipment` | a recall, only while nobody knows whether it was packed |
/// | [#SELL] | the shop's `inventory` | never |
///
/// Shipping is the point of no return, and not paying: money can be paid back, a parcel that is on
/// its way cannot be called back, and a shipment can still refuse when everything else is ready.
/// Only then do the goods leave the stock, which must succeed: they are set aside.
public final class BookingSaga {
  public static final String NAME = "booking";
  public static final String RESERVE = "reserve";
  public static final String PAY = "pay";
  public static final String SHIP = "ship";
  public static final String SELL = "sell";

  /// The name of the service that takes the money, with the operations `charge` and `refund`.
  public static final String PAYMENTS = "payment";

  private static final String CHARGE = "charge";
  private static final String REFUND = "refund";

  /// Of what must succeed in the end: half an hour of patience, then somebody is told.
  private static final RetryPolicy STUBBORN =
      RetryPolicy.of(30, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.2);

  private BookingSaga() {}

  public static Saga<Order> definition() {
    return Saga.define(NAME, Order.class)
        .deadline(Duration.ofMinutes(10))
        .onParked(new OnParked(Duration.ofMinutes(10), 1_000))
        .step(
            RESERVE,
            step ->
                step.act(
                        toRoom(
                            InventoryNamespace.NAME,
                            o -> o.input().shop(),
                            SagaCommands.RESERVE,
                            o -> o.input().goods()))
                    .undo(
                        toRoom(
                            InventoryNamespace.NAME,
                            o -> o.input().shop(),
                            SagaCommands.RELEASE,
                            o -> o.input().goods()))
                    .timeout(Duration.ofSeconds(5))
                    .undoRetry(STUBBORN))
        .step(
            PAY,
            step ->
                step.act(
                        external(
                            PAYMENTS,
                            CHARGE,
                            BookingSaga::key,
                            Repeat.lookup(CHARGE),
                            o -> o.input().charge()))
                    .undo(
                        external(
                            PAYMENTS,
                            REFUND,
                            BookingSaga::key,
                            Repeat.idempotent(),
                            o -> o.input().charge()))
                    .timeout(Duration.ofSeconds(10))
                    .retry(RetryPolicy.of(4, Duration.ofSeconds(1), 2, Duration.ofSeconds(10), 0.2))
                    .undoRetry(STUBBORN))
        .step(
            SHIP,
            step ->
                step.pivot()
                    .act(
                        toRoom(
                            ShipmentNamespace.NAME,
                            o -> o.input().name(),
                            ShipmentCommands.SHIP,
                            o -> new Parcel(o.input().to(), o.input().pieces())))
                    .undo(
                        toRoom(
                            ShipmentNamespace.NAME,
                            o -> o.input().name(),
                            ShipmentCommands.RECALL,
                            o -> new Parcel(o.input().to(), o.input().pieces())))
                    .timeout(Duration.ofSeconds(5))
                    .undoRetry(STUBBORN))
        .step(
            SELL,
            step ->
                step.retriable()
                    .act(
                        toRoom(
                            InventoryNamespace.NAME,
                            o -> o.input().shop(),
                            SagaCommands.SELL,
                            o -> o.input().goods()))
                    .timeout(Duration.ofSeconds(5))
                    .retry(STUBBORN))
        .build();
  }

  /// Of a payment and of its refund, so that a refund which comes first can keep the payment from
  /// happening. Each try of an order has its own.
  private static String key(SoFar<Order> soFar) {
    return soFar.input().room().substring(0, 32) + "." + soFar.sagaId();
  }
}
