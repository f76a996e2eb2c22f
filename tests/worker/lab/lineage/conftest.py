"""A way to run `crispdeck` in this process."""

from tests.command_line import cli, data_dir

__all__ = ["cli", "data_dir"]
