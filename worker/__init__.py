"""The worker: upscaling, training, benchmarks, the command line; all that needs torch."""
