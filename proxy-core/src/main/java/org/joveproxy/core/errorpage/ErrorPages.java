package org.joveproxy.core.errorpage;

import java.util.function.Consumer;

/** Finds the body of an error answer. Confined to one event loop, on which the page is told too. */
public interface ErrorPages {
    /**
     * Finds the page for {@code status}; {@code found} is called exactly once, perhaps before this method returns.
     *
     * @param requestTarget the target of the request that failed, as the client sent it
     */
    void find(int status, String requestTarget, Consumer<ErrorPage> found);

    /** The built-in pages. */
    static ErrorPages builtIn() {
        return (status, requestTarget, found) -> found.accept(BuiltInPages.of(status));
    }
}
