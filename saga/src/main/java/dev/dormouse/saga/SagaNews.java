package dev.dormouse.saga;

import java.util.Optional;

/// Something has changed about a saga, as its owner is told.
///
/// @param saga its id
/// @param definition the name of its definition
/// @param status how far it is now
/// @param step the name of the step that it is about; empty if it is about none
/// @param what what has happened, in a few words for people
/// @param cause why it goes back or is parked; empty if it never did
public record SagaNews(
    String saga,
    String definition,
    SagaStatus status,
    Optional<String> step,
    String what,
    Optional<String> cause) {}
