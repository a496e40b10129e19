package dev.dormouse.rooms.fleet.rollout;

import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.fleet.UpdateDevice;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.Sagas;

/// What becomes of the rollout's sagas, as rows of its devices.
record Newsroom(RoomContext context, Book book, Course course, Plan plan) {

  void hear(SagaNews news) {
    DeviceRow row = book.device(DeviceRow.index(news.saga()));
    if (!row.isOf(news.saga())) {
      // Of an earlier attempt, which has ended.
      return;
    }
    String cause = news.cause().orElse("");
    if (news.definition().equals(UpdateDevice.UPDATE)) {
      there(row, news, cause);
    } else {
      back(row, news, cause);
    }
  }

  private void there(DeviceRow row, SagaNews news, String cause) {
    switch (news.status()) {
      case RUNNING -> {}
      case COMPENSATING -> goesBack(row, cause);
      case COMPENSATED -> {
        goesBack(row, cause);
        bringBack(book.device(row.index()));
      }
      case COMPLETED -> become(row, DeviceState.UPDATED, "");
      case PARKED_FORWARD, PARKED_BACKWARD -> become(row, DeviceState.STUCK, cause);
    }
  }

  /// The saga has turned back: what that says of the firmware is counted, once, unless the device
  /// is tried again.
  private void goesBack(DeviceRow row, String cause) {
    switch (row.state()) {
      case UPDATING, CONFIRMED -> {
        if (!course.triesAgain(row, cause)) {
          course.judge(row, cause);
          become(row, DeviceState.RETURNING, cause);
        }
      }
      case STUCK -> become(row, DeviceState.RETURNING, row.why());
      case WAITING, UPDATED, RETRYING, RETURNING, RETURNED -> {}
    }
  }

  private void bringBack(DeviceRow row) {
    var _ =
        context.facility(Sagas.class).start(UpdateDevice.RETURN, row.sagaBack(), course.input(row));
  }

  private void back(DeviceRow row, SagaNews news, String cause) {
    switch (news.status()) {
      case RUNNING -> {
        if (row.state() == DeviceState.STUCK) {
          become(row, DeviceState.RETURNING, row.why());
        }
      }
      case COMPLETED -> {
        if (row.state() == DeviceState.RETRYING) {
          book.ready(row);
          course.look();
        } else {
          become(row, DeviceState.RETURNED, row.why());
        }
      }
      case COMPENSATING -> {}
      case COMPENSATED, PARKED_FORWARD, PARKED_BACKWARD -> {
        if (row.state() == DeviceState.RETRYING) {
          course.judge(row, row.why());
        }
        become(row, DeviceState.STUCK, cause.isEmpty() ? row.why() : cause);
      }
    }
  }

  private void become(DeviceRow row, DeviceState state, String why) {
    if (row.state() != state) {
      course.move(row.in(state, why));
      course.look();
    }
  }
}
