"""python -m worker.cli: the same as `crispdeck`."""

from worker.cli.program import main

main()
