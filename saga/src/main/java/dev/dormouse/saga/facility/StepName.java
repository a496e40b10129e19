package dev.dormouse.saga.facility;

/// A step of a saga, between its owner and who takes part in it: ids are unique among one owner's.
record StepName(String saga, int step) {}
