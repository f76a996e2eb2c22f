"""The developers' commands: `crispdeck train` and `crispdeck bench`."""
