package org.joveproxy.core.observe;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an observer's exceptions away from requests: they are logged.
 *
 * <p>Any thread may call any method.
 */
public final class SafeObserver implements ProxyObserver {
    private static final Logger logger = LoggerFactory.getLogger(SafeObserver.class);

    private final ProxyObserver observer;

    /** A safe way to {@code observer}. */
    public SafeObserver(ProxyObserver observer) {
        this.observer = observer;
    }

    @Override
    public void requestStarted(RequestKind kind) {
        tell(() -> observer.requestStarted(kind));
    }

    @Override
    public void routeLookedUp(long nanos) {
        tell(() -> observer.routeLookedUp(nanos));
    }

    @Override
    public void activityUpdated(long nanos) {
        tell(() -> observer.activityUpdated(nanos));
    }

    @Override
    public void responded(int status, boolean fromProxy) {
        tell(() -> observer.responded(status, fromProxy));
    }

    @Override
    public void apiResponded(int status) {
        tell(() -> observer.apiResponded(status));
    }

    @Override
    public void routesListed() {
        tell(observer::routesListed);
    }

    @Override
    public void routeAdded() {
        tell(observer::routeAdded);
    }

    @Override
    public void routeDeleted() {
        tell(observer::routeDeleted);
    }

    private static void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            logger.error("An observer failed", e);
        }
    }
}
