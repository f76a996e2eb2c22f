"""What one does with decks and pictures, once for web, workers and the command line.

One module for each thing that is done: take a deck in, prepare it, assemble it, enhance it in this
process, swap open slides, report, estimate, sweep. No Flask, no click, no torch: a route, a task or
a command reads its input, calls one of these and words the answer.
"""
