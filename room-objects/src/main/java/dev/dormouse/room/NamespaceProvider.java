package dev.dormouse.room;

import java.util.List;

/// How a jar offers its namespaces: found through [java.util.ServiceLoader].
public interface NamespaceProvider {
  List<Namespace> namespaces();
}
