package dev.dormouse.server;

/// Which version this is.
public final class Version {
  private Version() {}

  /// The version in the jar that this runs from.
  public static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
