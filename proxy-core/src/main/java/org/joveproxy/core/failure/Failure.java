package org.joveproxy.core.failure;

/**
 * One occurrence of something that went wrong.
 *
 * <p>Immutable.
 *
 * @param detail for the log: what was seen, without the peer's data
 * @param origin what went wrong first: {@code kind} itself, or what opened the breaker that refuses now
 */
public record Failure(FailureKind kind, String detail, FailureKind origin) {
    /** A failure that nothing else has led to. */
    public Failure(FailureKind kind, String detail) {
        this(kind, detail, kind);
    }

    /** A failure that its kind says enough about. */
    public static Failure of(FailureKind kind) {
        return new Failure(kind, kind.label());
    }
}
