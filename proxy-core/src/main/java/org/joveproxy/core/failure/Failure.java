package org.joveproxy.core.failure;

/**
 * One occurrence of something that went wrong.
 *
 * <p>Immutable.
 *
 * @param detail for the log: what was seen, without the peer's data
 */
public record Failure(FailureKind kind, String detail) {
    /** A failure that its kind says enough about. */
    public static Failure of(FailureKind kind) {
        return new Failure(kind, kind.label());
    }
}
