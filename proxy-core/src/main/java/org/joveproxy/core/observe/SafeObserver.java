package org.joveproxy.core.observe;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an observer's exceptions away from requests: they are logged. Written out method by method, because it is called
 * several times for each request.
 *
 * <p>Any thread may call any method.
 */
public final class SafeObserver implements ProxyObserver {
    private static final Logger logger = LoggerFactory.getLogger(SafeObserver.class);

    private final ProxyObserver observer;
    private final @Nullable Consumer<ExchangeReport> requestLog;

    /** A safe way to {@code observer}. */
    public SafeObserver(ProxyObserver observer) {
        this(observer, null);
    }

    /**
     * A safe way to {@code observer}.
     *
     * @param requestLog hears of each request when it is over, before the observer does; null when nobody does
     */
    public SafeObserver(ProxyObserver observer, @Nullable Consumer<ExchangeReport> requestLog) {
        this.observer = observer;
        this.requestLog = requestLog;
    }

    @Override
    public void requestStarted(RequestKind kind) {
        try {
            observer.requestStarted(kind);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void routeLookedUp(long nanos) {
        try {
            observer.routeLookedUp(nanos);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void activityUpdated(long nanos) {
        try {
            observer.activityUpdated(nanos);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void responded(int status, boolean fromProxy) {
        try {
            observer.responded(status, fromProxy);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void exchangeEnded(ExchangeReport report) {
        try {
            if (requestLog != null) {
                requestLog.accept(report);
            }
            observer.exchangeEnded(report);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void apiResponded(String method, int status, long nanos) {
        try {
            observer.apiResponded(method, status, nanos);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void holdEnded(HoldResult result) {
        try {
            observer.holdEnded(result);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void errorPageAsked(PageResult result) {
        try {
            observer.errorPageAsked(result);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void routesListed() {
        try {
            observer.routesListed();
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void routeAdded() {
        try {
            observer.routeAdded();
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void routeDeleted() {
        try {
            observer.routeDeleted();
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void breakerOpened(String upstream) {
        try {
            observer.breakerOpened(upstream);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void breakerClosed(String upstream) {
        try {
            observer.breakerClosed(upstream);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void routesKept(int changes, long nanos) {
        try {
            observer.routesKept(changes, nanos);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void routesNotKept(int changes) {
        try {
            observer.routesNotKept(changes);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void replicasLate(int replicas) {
        try {
            observer.replicasLate(replicas);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void lookedAgain(LookResult result) {
        try {
            observer.lookedAgain(result);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void hubAsked(HubAnswer answer) {
        try {
            observer.hubAsked(answer);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    @Override
    public void reloaded(Reloadable what, ReloadResult result) {
        try {
            observer.reloaded(what, result);
        } catch (RuntimeException e) {
            report(e);
        }
    }

    private static void report(RuntimeException failure) {
        logger.error("An observer failed", failure);
    }
}
