"""Benchmarks: quality and speed in tables that a command makes again; nothing at run time."""
