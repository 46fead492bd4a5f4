package org.joveproxy.store.journal;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Another process keeps its routes in the same directory. */
final class FileInUseException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    /** The file is used by the process {@code pid}; empty when that is not known. */
    FileInUseException(Path file, String pid) {
        super(file.toString(), null, "another proxy uses it" + (pid.isEmpty() ? "" : " (pid " + pid + ")"));
    }
}
