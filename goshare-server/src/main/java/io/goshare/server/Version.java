package io.goshare.server;

/** Which build this is. */
final class Version {
    private Version() {}

    /** The version of the jar; {@code development} where the classes stand in no jar. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
