package org.joveproxy.app;

/**
 * Which version this is.
 *
 * <p>Any thread may call it.
 */
final class Version {
    private Version() {}

    /** The line of {@code --version}. */
    static String text() {
        return "Jove " + number() + " (compatible with configurable-http-proxy 5.3.0)";
    }

    /** The number alone. */
    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not built as a jar)" : version;
    }
}
