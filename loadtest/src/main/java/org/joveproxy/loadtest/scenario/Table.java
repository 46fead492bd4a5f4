package org.joveproxy.loadtest.scenario;

import java.util.List;

/** A table for the report; each row has a cell for each column. Immutable. */
public record Table(String title, List<String> columns, List<List<String>> rows) {
    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "row: " + row + " (expected: " + columns.size() + " cells in table " + title + ")");
            }
        }
    }
}
