"""The worker: upscaling, training, benchmarks and the command line; the only part that needs torch."""
