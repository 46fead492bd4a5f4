package org.joveproxy.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * The built image as a pod of Zero to JupyterHub runs it: nobody's user, no capabilities, no new privileges, nothing to
 * write to, a limit of memory.
 *
 * <p>Confined to the thread of the test.
 */
final class JoveContainer extends GenericContainer<JoveContainer> {
    static final int PORT = 8000;
    static final int API_PORT = 8001;
    static final String TOKEN = "secret";
    static final String COMMAND = "configurable-http-proxy";

    private static final String JOVE = "/opt/jove/bin/jove";
    private static final long MIB = 1024 * 1024;
    private static final long DEFAULT_MIB = 192;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<Consumer<HostConfig>> settings = new ArrayList<>();
    private String user = "65534:65534";
    private String[] entrypoint = {};

    private JoveContainer(String... arguments) {
        super(DockerImageName.parse(Objects.requireNonNull(System.getProperty("jove.image"), "jove.image")));
        withCommand(arguments);
        withEnv("CONFIGPROXY_AUTH_TOKEN", TOKEN);
        withExposedPorts(PORT, API_PORT);
        host(config -> config.withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withPidsLimit(200L));
        megabytes(DEFAULT_MIB);
        withCreateContainerCmdModifier(create -> {
            create.withUser(user);
            if (entrypoint.length > 0) {
                create.withEntrypoint(entrypoint);
            }
            settings.forEach(setting -> setting.accept(Objects.requireNonNull(create.getHostConfig())));
        });
        waitingFor(new Healthy());
    }

    /** With {@code arguments} for the image's entry point. */
    static JoveContainer with(String... arguments) {
        return new JoveContainer(arguments);
    }

    /** With a command that takes the entry point's place, as the chart does it. */
    static JoveContainer commanded(String... arguments) {
        JoveContainer container = new JoveContainer(arguments);
        container.entrypoint = new String[] {COMMAND};
        return container;
    }

    JoveContainer host(Consumer<HostConfig> setting) {
        settings.add(setting);
        return this;
    }

    JoveContainer megabytes(long megabytes) {
        return host(config -> config.withMemory(megabytes * MIB).withMemorySwap(megabytes * MIB));
    }

    JoveContainer user(String ids) {
        user = ids;
        return this;
    }

    /** For containers that end by themselves, or are not well: who starts one sees to what follows. */
    JoveContainer unwatched() {
        waitingFor(new AbstractWaitStrategy() {
            @Override
            protected void waitUntilReady() {}
        });
        return this;
    }

    /** Runs the image's own client inside the container. */
    ExecResult check(String... words) {
        List<String> command = new ArrayList<>(List.of(JOVE, "healthcheck"));
        command.addAll(List.of(words));
        try {
            return execInContainer(command.toArray(new String[0]));
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Where containers reach this machine. */
    String gateway() {
        return Objects.requireNonNull(getContainerInfo()
                .getNetworkSettings()
                .getNetworks()
                .get("bridge")
                .getGateway());
    }

    void signal(String name) {
        getDockerClient().killContainerCmd(getContainerId()).withSignal(name).exec();
    }

    InspectContainerResponse.ContainerState state() {
        return getDockerClient().inspectContainerCmd(getContainerId()).exec().getState();
    }

    /** Waits for the end; the exit code. */
    int exitCode() {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (Boolean.TRUE.equals(state().getRunning())) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("still running: " + getLogs());
            }
            pause();
        }
        return Objects.requireNonNull(state().getExitCodeLong()).intValue();
    }

    static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Asks with the image's own client, which knows every way of listening from the proxy's command line. */
    private final class Healthy extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {
            long end = System.nanoTime() + LIMIT.toNanos();
            while (true) {
                if (!Boolean.TRUE.equals(state().getRunning())) {
                    throw new IllegalStateException("ended with " + state().getExitCodeLong() + ": " + getLogs());
                }
                if (check().getExitCode() == 0) {
                    return;
                }
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("not healthy: " + getLogs());
                }
            }
        }
    }
}
