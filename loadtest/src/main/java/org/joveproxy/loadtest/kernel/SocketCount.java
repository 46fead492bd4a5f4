package org.joveproxy.loadtest.kernel;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How many sockets there are on each side and in each state. Listening ones are left out. Immutable.
 *
 * @param bySide side, then state, then number; sorted by name
 */
public record SocketCount(Map<String, Map<TcpState, Integer>> bySide) {
    public static final SocketCount NONE = new SocketCount(Map.of());

    public SocketCount {
        Map<String, Map<TcpState, Integer>> sorted = new TreeMap<>();
        bySide.forEach((side, states) -> sorted.put(side, Collections.unmodifiableMap(new TreeMap<>(states))));
        bySide = Collections.unmodifiableMap(sorted);
    }

    /** @param closed sockets that a descriptor holds and the table no longer has */
    static SocketCount of(Iterable<TcpSocket> sockets, Side side, int closed) {
        Map<String, Map<TcpState, Integer>> counts = new TreeMap<>();
        for (TcpSocket socket : sockets) {
            if (socket.state() != TcpState.LISTEN) {
                counts.computeIfAbsent(side.of(socket), name -> new TreeMap<>()).merge(socket.state(), 1, Integer::sum);
            }
        }
        if (closed > 0) {
            counts.put(Side.CLOSED, Map.of(TcpState.CLOSE, closed));
        }
        return new SocketCount(counts);
    }

    public int total() {
        return bySide.keySet().stream().mapToInt(this::on).sum();
    }

    /** Sockets on {@code side}, in whatever state. */
    public int on(String side) {
        return bySide.getOrDefault(side, Map.of()).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    public int on(String side, TcpState state) {
        return bySide.getOrDefault(side, Map.of()).getOrDefault(state, 0);
    }

    public int in(TcpState state) {
        return bySide.values().stream()
                .mapToInt(states -> states.getOrDefault(state, 0))
                .sum();
    }

    /** For people: {@code client CLOSE_WAIT 20, backend ESTABLISHED 20}, or {@code none}. */
    @Override
    public String toString() {
        String text = bySide.entrySet().stream()
                .flatMap(side -> side.getValue().entrySet().stream()
                        .map(state -> side.getKey() + " " + state.getKey() + " " + state.getValue()))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }
}
