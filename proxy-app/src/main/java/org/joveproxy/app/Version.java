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
        String version = Version.class.getPackage().getImplementationVersion();
        return "Jove " + (version == null ? "(not built as a jar)" : version)
                + " (compatible with configurable-http-proxy 5.3.0)";
    }
}
