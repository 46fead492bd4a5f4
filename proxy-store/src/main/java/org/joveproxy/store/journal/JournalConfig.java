package org.joveproxy.store.journal;

import java.nio.file.Path;
import org.joveproxy.core.routing.Target;
import org.jspecify.annotations.Nullable;

/**
 * Where the journal is, and what the command line said of routes.
 *
 * <p>Immutable.
 *
 * @param directory holds the file; made when it is missing, for this user alone
 * @param defaultTarget where requests go that no other route matches, or null when the command line named none
 */
public record JournalConfig(Path directory, @Nullable Target defaultTarget) {}
