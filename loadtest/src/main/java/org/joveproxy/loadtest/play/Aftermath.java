package org.joveproxy.loadtest.play;

import java.util.ArrayList;
import java.util.List;

/** What was found when a table was held against what is known of it; several can be added up. Confined to the play's loop. */
final class Aftermath {
    private static final int EXAMPLES = 5;

    private final List<String> examples = new ArrayList<>();
    private int missing;
    private int wrong;
    private int extra;
    private int late;
    private int kept;
    private int lost;

    /** A route was acknowledged and is not there. */
    void missing(String example) {
        missing++;
        note("not there: " + example);
    }

    /** A route holds something else than what was acknowledged. */
    void wrong(String example) {
        wrong++;
        note("wrong: " + example);
    }

    /** A route is there that was deleted, refused or never added. */
    void extra(String example) {
        extra++;
        note("too many: " + example);
    }

    /** A route says it was active later than anybody used it. */
    void late(String example) {
        late++;
        note("too late: " + example);
    }

    /** A change that was under way is in force. */
    void kept() {
        kept++;
    }

    /** A change that was under way is not in force. */
    void lost() {
        lost++;
    }

    private void note(String example) {
        if (examples.size() < EXAMPLES) {
            examples.add(example);
        }
    }

    void add(Aftermath more) {
        missing += more.missing;
        wrong += more.wrong;
        extra += more.extra;
        late += more.late;
        kept += more.kept;
        lost += more.lost;
        more.examples.forEach(this::note);
    }

    int missingRoutes() {
        return missing;
    }

    int wrongRoutes() {
        return wrong;
    }

    int extraRoutes() {
        return extra;
    }

    int lateRoutes() {
        return late;
    }

    int keptChanges() {
        return kept;
    }

    int lostChanges() {
        return lost;
    }

    /** Whether all is as it has to be. */
    boolean isRight() {
        return missing + wrong + extra + late == 0;
    }

    /** The first few of what is not. */
    List<String> examples() {
        return List.copyOf(examples);
    }
}
