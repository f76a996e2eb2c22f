"""One module for each command of `crispdeck`."""
