package org.joveproxy.loadtest.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.joveproxy.loadtest.scenario.Table;

/** The parts that every report's page has: it needs nothing else, its style sheet is in it. Any thread may call it. */
public final class HtmlPage {
    private static final String STYLE = "report.css";

    private HtmlPage() {}

    /** The page from its first line to what stands between the tags of its body. */
    public static String of(String title, String body) throws IOException {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>" + escape(title) + "</title><style>"
                + style() + "</style></head><body>\n" + body + "</body></html>\n";
    }

    private static String style() throws IOException {
        try (var sheet = HtmlPage.class.getResourceAsStream(STYLE)) {
            if (sheet == null) {
                throw new IOException(STYLE + ": missing from the jar");
            }
            return new String(sheet.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A table with its title. */
    public static String table(Table table) {
        StringBuilder html = new StringBuilder("<h3>");
        html.append(escape(table.title())).append("</h3>\n<div class=\"wide\"><table><tr>");
        table.columns()
                .forEach(column -> html.append("<th>").append(escape(column)).append("</th>"));
        html.append("</tr>\n");
        for (List<String> row : table.rows()) {
            html.append("<tr>");
            row.forEach(cell -> html.append("<td>").append(escape(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        return html.append("</table></div>\n").toString();
    }

    /** Text as it may stand between tags and in attributes. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("\n", "<br>");
    }
}
