package org.joveproxy.app;

import org.jspecify.annotations.Nullable;

/**
 * Finds the flag that somebody may have meant.
 *
 * <p>Any thread may call it.
 */
final class NearestFlag {
    private static final int MAX_DISTANCE = 3;

    private NearestFlag() {}

    /** The known flag that differs least from {@code word}, a value behind it left out; null when none comes near. */
    static @Nullable String to(String word) {
        String typed = word.replaceFirst("[=\\s].*", "");
        String nearest = null;
        int least = MAX_DISTANCE + 1;
        for (Flag flag : Flags.ALL) {
            int distance = typed.equals(flag.name()) ? 0 : distance(typed, flag.name());
            // Three changes make another word of a short one.
            if (distance < least && distance * 5 <= flag.name().length() * 2) {
                least = distance;
                nearest = flag.name();
            }
        }
        return nearest;
    }

    /** How many letters must be added, left out, replaced or swapped with their neighbour. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(a, b, i, j, cost);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(String a, String b, int i, int j, int[][] cost) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
            return Math.min(best, cost[i - 2][j - 2] + 1);
        }
        return best;
    }
}
