package org.joveproxy.core.errorpage;

import java.util.Locale;

/**
 * What an {@code Accept} field says of HTML and of JSON (RFC 9110 12.5.1).
 *
 * <p>Immutable.
 */
final class AcceptField {
    private static final int THOUSAND = 1000;

    // The more exactly a range names a type, the more it counts; 0 for not at all.
    private record Match(int exactness, int thousandths) {
        static final Match NONE = new Match(0, 0);
    }

    private final Match html;
    private final Match json;

    /** Reads {@code field}, of which what cannot be read says nothing. */
    AcceptField(String field) {
        Match ofHtml = Match.NONE;
        Match ofJson = Match.NONE;
        for (String element : field.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = element.split(";", -1);
            String range = parts[0].strip();
            int quality = quality(parts);
            ofHtml = better(ofHtml, exactness(range, "text/html", "text/*"), quality);
            ofJson = better(ofJson, exactness(range, "application/json", "application/*"), quality);
        }
        html = ofHtml;
        json = ofJson;
    }

    /** Whether it asks for HTML by name. */
    boolean namesHtml() {
        return html.exactness() == 3 && html.thousandths() > 0;
    }

    /** Whether JSON is more welcome than HTML, or as welcome and the only one of the two that is named. */
    boolean prefersJsonToHtml() {
        if (json.exactness() < 3 || json.thousandths() == 0) {
            return false;
        }
        return json.thousandths() > html.thousandths() || (json.thousandths() == html.thousandths() && !namesHtml());
    }

    private static Match better(Match known, int exactness, int quality) {
        return exactness > known.exactness() ? new Match(exactness, quality) : known;
    }

    private static int exactness(String range, String exact, String family) {
        if (range.equals(exact)) {
            return 3;
        }
        if (range.equals(family)) {
            return 2;
        }
        return range.equals("*/*") ? 1 : 0;
    }

    private static int quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.matches("q=(?:0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?)")) {
                return (int) Math.round(Double.parseDouble(parameter.substring(2)) * THOUSAND);
            }
        }
        return THOUSAND;
    }
}
