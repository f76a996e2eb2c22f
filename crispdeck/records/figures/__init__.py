"""Numbers over many rows, for the operators' pages, metrics and estimates."""
