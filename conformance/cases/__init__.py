"""The rows of the table, one file an area."""
