"""python -m crispdeck.cli: the same as `crispdeck`."""

from crispdeck.cli.program import main

main()
