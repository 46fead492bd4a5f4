package org.joveproxy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that holds the process id while the proxy runs.
 *
 * <p>Any thread may call any method.
 */
final class PidFile implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(PidFile.class);

    private final Path path;
    private final String pid;

    private PidFile(Path path, String pid) {
        this.path = path;
        this.pid = pid;
    }

    /** Writes this process' id to {@code path}, whatever stood there. */
    static PidFile write(Path path) throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        try {
            Files.writeString(path, pid);
        } catch (IOException e) {
            throw new IOException("cannot write the pid file " + path + ": " + reason(e), e);
        }
        return new PidFile(path, pid);
    }

    private static String reason(IOException e) {
        // What a FileSystemException says begins with the path, which is known already.
        return e.getClass().getSimpleName();
    }

    /** Removes the file, unless another process has put its own id there. */
    @Override
    public void close() {
        try {
            if (Files.exists(path) && Files.readString(path).equals(pid)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            logger.warn("Cannot remove the pid file {}: {}", path, e.toString());
        }
    }
}
