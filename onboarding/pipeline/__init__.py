"""The contractor's board: a column a status, kept true by polling."""
